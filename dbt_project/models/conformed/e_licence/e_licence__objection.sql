-- Disagreements, each with an id that stays the same from night to night and shows nothing of it.
with objections as (
    select * from {{ ref('int_e_licence__object_to_holders') }}
    union all by name
    select * from {{ ref('int_e_licence__object_to_licences') }}
)

select
    {{ objection_id() }} as objection_id,
    rule_id,
    provider,
    extract,
    record_key,
    attribute,
    value_seen,
    evidence,
    opened_date,
    counterpart_extract,
    counterpart_record_key,
    person_id,
    entity_id
from objections
