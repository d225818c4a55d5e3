-- One row per standard address, located by its coordinates.
select
    addresses.address_code,
    addresses.full_address,
    addresses.division_code,
    substr(addresses.division_code, 1, 6) as county_code,
    addresses.street,
    addresses.house_number,
    addresses.compound,
    try_cast(addresses.longitude as decimal(9, 6)) as longitude,
    try_cast(addresses.latitude as decimal(9, 6)) as latitude,
    addresses.coordinate_system as source_coordinate_system,
    located.located_division_code,
    located.is_division_consistent,
    addresses.status,
    addresses.updated_at
from {{ ref('stg_geospatial__standard_address') }} as addresses
left join {{ ref('int_geospatial__locate_addresses') }} as located
    on addresses.address_code = located.address_code
