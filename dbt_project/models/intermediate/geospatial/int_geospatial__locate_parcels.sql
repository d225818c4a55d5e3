-- In which division each parcel lies: by a point on its surface, which a centroid need not be. The
-- first six digits of its code state the county.
with points as (
    select
        real_estate_unit_no as location_id,
        substr(real_estate_unit_no, 1, 6) as stated_division_code,
        st_x(st_pointonsurface({{ geometry_of('geometry') }})) as longitude,
        st_y(st_pointonsurface({{ geometry_of('geometry') }})) as latitude
    from {{ ref('stg_geospatial__land_parcel') }}
),

located as (
    {{ locate_points('points') }}
)

select
    location_id as real_estate_unit_no,
    located_division_code,
    is_division_consistent,
    boundary_date
from located
