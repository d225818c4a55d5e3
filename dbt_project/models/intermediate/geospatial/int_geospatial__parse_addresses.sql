-- What an address text says: county, township and village by name, then group, street and house
-- number.
with grouped as (
    select
        *,
        regexp_extract(
            remainder,
            '^村?第?([0-9]+|[一二三四五六七八九十]+)(?:村民)?([组队社])',
            ['number', 'kind']
        ) as hamlet_group
    from {{ ref('int_geospatial__place_addresses') }}
),

numbered as (
    select
        *,
        nullif({{ digits_of("hamlet_group['number']") }}, '') as group_no,
        regexp_replace(
            remainder, '^村?(?:第?[0-9一二三四五六七八九十]+(?:村民)?[组队社])?', ''
        ) as after_group,
        regexp_extract(
            -- a bare number that ends the text is a house number
            regexp_replace(after_group, '([0-9])$', '\1号'),
            '^(?:{{ street_pattern() }}(?:[东西南北中]段)?)?{{ house_pattern() }}',
            ['street', 'prefix', 'main', 'branch', 'annex', 'after']
        ) as housed
    from grouped
)

select
    address,
    stated_division_code,
    whole,
    is_elsewhere,
    county_code,
    township_code,
    village_code,
    group_no,
    coalesce(
        nullif(housed['street'], ''),
        nullif(regexp_extract(after_group, '^{{ street_pattern() }}', 1), '')
    ) as street,
    {{ house_number_of('housed') }} as house_no
from numbered
