-- One row per licence and holder; whom the base libraries do not know has no id, and says why.
select
    licence_identifier,
    holder_position,
    holder_name,
    holder_code_type,
    holder_code,
    person_id,
    entity_id,
    link_status
from {{ ref('int_e_licence__link_holders') }}
