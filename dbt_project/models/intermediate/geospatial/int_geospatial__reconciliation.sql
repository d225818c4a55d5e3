-- Per extract: how many rows came, what became of them. The gate holds it against the ledger. Right
-- holders are the mentions; those without an entity or person stay in land_parcel_holder.
with extracts as (
    {% for name in ['division', 'division_boundary', 'land_parcel', 'standard_address'] %}
        select
            'geospatial/{{ name }}' as extract,
            (select count(*) from {{ source('raw', 'geospatial__' ~ name) }}) as raw_rows,
            (select count(*) from {{ ref('stg_geospatial__' ~ name) }}) as current_records
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

holders as (
    select
        'geospatial/land_parcel' as extract,
        count(*) as mentions,
        count(*) filter (where link_state = '已关联') as identified
    from {{ ref('int_geospatial__link_holders') }}
)

select
    extracts.extract,
    extracts.raw_rows,
    extracts.current_records,
    coalesce(holders.mentions, 0) as mentions,
    coalesce(holders.identified, 0) as identified,
    coalesce(holders.mentions - holders.identified, 0) as unresolved
from extracts
left join holders on extracts.extract = holders.extract
