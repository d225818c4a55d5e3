-- Every address text with the division stated beside it, once: what it costs to read addresses
-- follows the number of different ones.
with stated as (
    select
        address,
        division_code as stated_division_code
    from {{ ref('int_population__choose_address') }}
    union
    select
        address,
        division_code as stated_division_code
    from {{ ref('int_legal_entity__choose_address') }}
    union
    select
        full_address as address,
        division_code as stated_division_code
    from {{ ref('stg_geospatial__standard_address') }}
)

select distinct
    address,
    coalesce(stated_division_code, '') as stated_division_code
from stated
where address is not null
