-- One row per division with a boundary: the newest one.
with boundaries as (
    select
        *,
        {{ geometry_of('geometry') }} as shape
    from {{ ref('stg_geospatial__division_boundary') }}
)

select
    division_code,
    name,
    geometry,
    try_cast({{ ellipsoidal_area_m2('shape') }} / 1000000 as decimal(12, 4)) as area_km2,
    try_cast(st_x(st_centroid(shape)) as decimal(9, 6)) as centroid_longitude,
    try_cast(st_y(st_centroid(shape)) as decimal(9, 6)) as centroid_latitude,
    business_date as surveyed_date,
    is_listed,
    is_stale
from boundaries
