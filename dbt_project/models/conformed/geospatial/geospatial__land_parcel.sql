-- One row per parcel, or per unit on it.
select
    parcels.real_estate_unit_no,
    substr(parcels.real_estate_unit_no, 1, 19) as parcel_code,
    parcels.land_use_code,
    try_cast(parcels.area_m2 as decimal(16, 2)) as area_m2,
    try_cast(
        {{ ellipsoidal_area_m2(geometry_of('parcels.geometry')) }} as decimal(16, 2)
    ) as geometry_area_m2,
    parcels.right_nature,
    parcels.geometry,
    substr(parcels.real_estate_unit_no, 1, 6) as division_code,
    located.located_division_code,
    located.is_division_consistent,
    parcels.is_listed,
    parcels.is_stale
from {{ ref('stg_geospatial__land_parcel') }} as parcels
left join {{ ref('int_geospatial__locate_parcels') }} as located
    on parcels.real_estate_unit_no = located.real_estate_unit_no
