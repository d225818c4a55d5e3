-- R-GEO-51: a standard address lies in another division than it states. R-GEO-52: a parcel lies in
-- another county than its code states. R-GEO-53: as many right holders as numbers there are not.
with addresses as (
    select
        'R-GEO-51' as rule_id,
        addresses.provider,
        'geospatial/standard_address' as extract,
        addresses.address_code as record_key,
        'division_code' as attribute,
        addresses.division_code as value_seen,
        located.located_division_code,
        addresses.business_date,
        located.boundary_date
    from {{ ref('stg_geospatial__standard_address') }} as addresses
    inner join {{ ref('int_geospatial__locate_addresses') }} as located
        on addresses.address_code = located.address_code
    where not located.is_division_consistent
),

parcels as (
    select
        'R-GEO-52' as rule_id,
        parcels.provider,
        'geospatial/land_parcel' as extract,
        parcels.real_estate_unit_no as record_key,
        'real_estate_unit_no' as attribute,
        substr(parcels.real_estate_unit_no, 1, 6) as value_seen,
        located.located_division_code,
        parcels.business_date,
        located.boundary_date
    from {{ ref('stg_geospatial__land_parcel') }} as parcels
    inner join {{ ref('int_geospatial__locate_parcels') }} as located
        on parcels.real_estate_unit_no = located.real_estate_unit_no
    where not located.is_division_consistent
),

misplaced as (
    select
        *,
        coalesce('坐标落在区划 ' || located_division_code, '坐标落在本市界线之外') as evidence,
        greatest(business_date, boundary_date) as opened_date,
        'geospatial/division_boundary' as counterpart_extract,
        located_division_code as counterpart_record_key
    from (
        select * from addresses
        union all by name
        select * from parcels
    ) as found
),

unpaired as (
    select distinct
        'R-GEO-53' as rule_id,
        parcels.provider,
        'geospatial/land_parcel' as extract,
        parcels.real_estate_unit_no as record_key,
        'right_holder_id' as attribute,
        '证件号码 ' || holders.numbers_given || ' 个' as value_seen,
        '权利人 ' || holders.names_given || ' 个' as evidence,
        parcels.business_date as opened_date,
        'geospatial/land_parcel' as counterpart_extract,
        parcels.real_estate_unit_no as counterpart_record_key
    from {{ ref('int_geospatial__split_holders') }} as holders
    inner join {{ ref('stg_geospatial__land_parcel') }} as parcels
        on holders.real_estate_unit_no = parcels.real_estate_unit_no
    where not holders.is_paired
)

select
    rule_id,
    provider,
    extract,
    record_key,
    attribute,
    value_seen,
    evidence,
    opened_date,
    counterpart_extract,
    counterpart_record_key
from misplaced
union all by name
select * from unpaired
