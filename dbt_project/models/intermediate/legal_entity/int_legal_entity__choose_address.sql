-- Address and division of each entity, each from the first record that has one.
select
    entity_id,
    arg_min(address, record_rank) filter (where address is not null) as address,
    arg_min(division_code, record_rank) filter (where division_code is not null) as division_code
from {{ ref('int_legal_entity__rank_records') }}
group by entity_id
