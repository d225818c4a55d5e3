-- The county, township and village that an address text names, and what stands behind them. A
-- county that the text leaves out is taken from the division stated beside it, never another one.
with names as (
    select * from {{ ref('int_geospatial__list_division_names') }}
),

cleaned as (
    select
        *,
        {{ comparable_address('address') }} as whole,
        regexp_replace(whole, '^(中国)?(陕西省|陕西)?(铜川市|铜川)?', '') as after_city
    from {{ ref('int_geospatial__list_addresses') }}
),

in_county as (
    select
        cleaned.*,
        coalesce(long_names.division_code, short_names.division_code) as named_county,
        case
            when long_names.division_code is not null then substr(cleaned.after_city, 4)
            when short_names.division_code is not null then substr(cleaned.after_city, 3)
            else cleaned.after_city
        end as after_county,
        named_county is null and (
            regexp_matches(
                cleaned.after_city, '^[^路街巷道区县镇村0-9]{1,6}(省|自治区|市|特别行政区)'
            )
            or (
                not contains(cleaned.whole, '铜川')
                -- 小区, 社区 and the like are no districts
                and regexp_matches(
                    cleaned.after_city,
                    '^[^路街巷道镇乡村0-9]{1,2}[^路街巷道镇乡村小社园厂校矿0-9][县区]'
                )
            )
        ) as is_elsewhere,
        case
            when named_county is not null then named_county
            when is_elsewhere then null
            when cleaned.stated_division_code like '6102%' and cleaned.stated_division_code[5:6] <> '00'
                then substr(cleaned.stated_division_code, 1, 6)
        end as county_code,
        {{ township_parts('after_county') }} as town
    from cleaned
    left join names as long_names
        on
            long_names.kind = 'county'
            and length(long_names.base_name) = 3
            and substr(cleaned.after_city, 1, 3) = long_names.base_name
    left join names as short_names
        on
            short_names.kind = 'county'
            and length(short_names.base_name) = 2
            and substr(cleaned.after_city, 1, 2) = short_names.base_name
            -- 王益街道 and 印台街道 are townships
            and not regexp_matches(cleaned.after_city, '^..(街|路|办事处|社区|小区)')
),

in_township as (
    select
        in_county.*,
        names.division_code as township_code,
        coalesce(in_county.county_code, substr(names.division_code, 1, 6)) as known_county,
        case
            when names.division_code is null then in_county.after_county
            else substr(
                in_county.after_county, 1 + length(in_county.town.base || in_county.town.kind)
            )
        end as after_township,
        {{ village_parts('after_township') }} as hamlet
    from in_county
    left join names
        on
            names.kind = 'township'
            and not in_county.is_elsewhere
            and coalesce(in_county.county_code, '') = names.within_code
            and in_county.town.base = names.base_name
)

select
    in_township.address,
    in_township.stated_division_code,
    in_township.whole,
    in_township.is_elsewhere,
    in_township.known_county as county_code,
    coalesce(in_township.township_code, substr(names.division_code, 1, 9)) as township_code,
    names.division_code as village_code,
    case
        when names.division_code is null then in_township.after_township
        else substr(
            in_township.after_township,
            1 + length(in_township.hamlet.base || in_township.hamlet.kind)
        )
    end as remainder
from in_township
left join names
    on
        names.kind = 'village'
        and coalesce(in_township.township_code, in_township.known_county) = names.within_code
        and {{ village_key('in_township.hamlet') }} = names.base_name
