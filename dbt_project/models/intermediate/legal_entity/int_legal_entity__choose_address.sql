-- Address and division of each entity, as chosen.
select
    entity_id,
    address,
    division_code
from {{ ref('int_legal_entity__choose_values') }}
