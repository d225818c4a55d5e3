-- Names by which addresses call counties, townships and villages, each with the one division it
-- means within a county or township ('': within the city). A name with two meanings is left out.
with names as (
    select
        code as division_code,
        {{ comparable_address('name') }} as name
    from {{ ref('division') }}
    union
    select
        division_code,
        {{ comparable_address('name') }} as name
    from {{ ref('int_geospatial__list_division_islands') }}
),

counties as (
    select
        'county' as kind,
        '' as within_code,
        name as base_name,
        division_code
    from names
    where length(division_code) = 6 and not ends_with(division_code, '00')
    union all
    select
        'county' as kind,
        '' as within_code,
        name as base_name,
        code as division_code
    from {{ ref('division_alias') }}
),

townships as (
    select
        'township' as kind,
        unnest(['', substr(division_code, 1, 6)]) as within_code,
        {{ township_parts('name') }}.base as base_name,
        division_code
    from names
    where length(division_code) = 9
),

villages as (
    select
        'village' as kind,
        unnest([substr(division_code, 1, 6), substr(division_code, 1, 9)]) as within_code,
        {{ village_parts('name') }} as parts,
        {{ village_key('parts') }} as base_name,
        division_code
    from names
    where length(division_code) = 12
),

every_name as (
    select * from counties
    union all
    select * from townships
    union all
    select * exclude (parts) from villages
)

select
    kind,
    within_code,
    base_name,
    min(division_code) as division_code
from every_name
where base_name <> ''
group by kind, within_code, base_name
having count(distinct division_code) = 1
