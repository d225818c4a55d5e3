-- Each address text against the standard addresses: how far they agree, and why no further. Only a
-- house number that names one standard address gives coordinates: a street, village or township has
-- no point that would not be a guess.
with texts as (
    select
        *,
        coalesce(street, village_code || coalesce('/' || group_no, '')) as place_key
    from {{ ref('int_geospatial__parse_addresses') }}
),

library as (
    select
        *,
        coalesce(street, village_code || coalesce('/' || group_no, '')) as place_key
    from {{ ref('int_geospatial__index_addresses') }}
),

candidates as (
    select
        texts.address,
        texts.stated_division_code,
        library.address_code,
        library.longitude,
        library.latitude,
        coalesce(library.village_code, library.township_code) as division_code,
        -- a named compound, then the division stated beside the text, choose between candidates
        coalesce(contains(texts.whole, library.compound), false) as is_compound,
        coalesce(library.village_code = texts.stated_division_code, false) as is_stated
    from texts
    inner join library
        on
            texts.county_code = library.county_code
            and texts.place_key = library.place_key
            and texts.house_no = library.house_no
    where
        coalesce(texts.township_code = library.township_code, true)
        and coalesce(texts.village_code = library.village_code, true)
),

best as (
    select *
    from candidates
    qualify
        rank() over (
            partition by address, stated_division_code
            order by is_compound desc, is_stated desc
        ) = 1
),

houses as (
    select
        address,
        stated_division_code,
        count(*) as found,
        min(address_code) as address_code,
        min(longitude) as longitude,
        min(latitude) as latitude,
        min(division_code) as division_code
    from best
    group by address, stated_division_code
),

streets as (
    select distinct
        county_code,
        unnest([township_code, '']) as township_code,
        street
    from library
    where street is not null
),

levels as (
    select
        texts.*,
        houses.found,
        houses.address_code,
        houses.longitude,
        houses.latitude,
        houses.division_code,
        case
            when houses.found = 1 then 'house_number'
            when streets.street is not null then 'street'
            when texts.village_code is not null then 'village'
            when texts.township_code is not null then 'township'
            else 'none'
        end as match_level
    from texts
    left join houses
        on
            texts.address = houses.address
            and texts.stated_division_code = houses.stated_division_code
    left join streets
        on
            texts.county_code = streets.county_code
            and coalesce(texts.township_code, '') = streets.township_code
            and texts.street = streets.street
)

select
    address,
    stated_division_code,
    match_level,
    case
        when match_level = 'house_number' then '门牌号与唯一的标准地址一致'
        when found > 1 then '门牌号对应多个标准地址'
        when is_elsewhere then '地址不在本市'
        when county_code is null then '看不出区县'
        when house_no is not null and match_level = 'street' then '街路一致，库中没有此门牌号'
        when house_no is not null and place_key is not null then '库中没有此街路或此门牌号'
        when house_no is not null then '有门牌号而无街路或村'
        when match_level = 'none' then '看不出乡镇街道、村社区和街路'
        else '地址没有门牌号'
    end as match_reason,
    case when match_level = 'house_number' then address_code end as address_code,
    case match_level
        when 'house_number' then division_code
        when 'village' then village_code
        when 'none' then null
        else township_code
    end as matched_division_code,
    case when match_level = 'house_number' then longitude end as longitude,
    case when match_level = 'house_number' then latitude end as latitude
from levels
