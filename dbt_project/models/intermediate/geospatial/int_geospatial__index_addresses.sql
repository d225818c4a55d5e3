-- The standard addresses in use under the keys by which free texts find them. The columns that
-- surveying fills go before what its full text says.
with parsed as (
    select * from {{ ref('int_geospatial__parse_addresses') }}
),

addresses as (
    select
        *,
        regexp_extract(
            rtrim({{ comparable_address('house_number') }}, '号') || '号',
            '^{{ house_pattern() }}',
            ['prefix', 'main', 'branch', 'annex', 'after']
        ) as numbered
    from {{ ref('stg_geospatial__standard_address') }}
    where status = '在用'
)

select
    addresses.address_code,
    substr(addresses.division_code, 1, 6) as county_code,
    case
        when length(addresses.division_code) >= 9 then substr(addresses.division_code, 1, 9)
    end as township_code,
    case when length(addresses.division_code) = 12 then addresses.division_code end as village_code,
    parsed.group_no,
    coalesce(
        regexp_replace({{ comparable_address('addresses.street') }}, '[东西南北中]段$', ''),
        parsed.street
    ) as street,
    coalesce({{ house_number_of('addresses.numbered') }}, parsed.house_no) as house_no,
    {{ comparable_address('addresses.compound') }} as compound,
    try_cast(addresses.longitude as decimal(9, 6)) as longitude,
    try_cast(addresses.latitude as decimal(9, 6)) as latitude
from addresses
left join parsed
    on
        addresses.full_address = parsed.address
        and addresses.division_code = parsed.stated_division_code
