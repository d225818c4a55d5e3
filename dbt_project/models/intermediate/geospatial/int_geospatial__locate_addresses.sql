-- In which division each standard address lies, by point in polygon.
with points as (
    select
        address_code as location_id,
        division_code as stated_division_code,
        cast(longitude as double) as longitude,
        cast(latitude as double) as latitude
    from {{ ref('stg_geospatial__standard_address') }}
),

located as (
    {{ locate_points('points') }}
)

select
    location_id as address_code,
    located_division_code,
    is_division_consistent,
    boundary_date
from located
