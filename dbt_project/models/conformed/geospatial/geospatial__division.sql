-- One row per division and period of validity, with the names of what it lay in at that time and
-- the unit under which the city government reports it (R-GEO-01).
with periods as (
    select
        *,
        substr(division_code, 1, 4) || '00' as city_code,
        -- the day for which names and unit are told: the last of the period, or the night's
        greatest(
            valid_from,
            least({{ business_date() }}, coalesce(valid_to - 1, {{ business_date() }}))
        ) as told_on
    from {{ ref('int_geospatial__period_divisions') }}
),

names as (
    select
        periods.division_code,
        periods.valid_from,
        max(above.name) filter (where above.division_code = periods.city_code) as city_name,
        max(above.name) filter (
            where length(above.division_code) = 6 and above.division_code <> periods.city_code
        ) as county_name,
        max(above.name) filter (where length(above.division_code) = 9) as township_name
    from periods
    inner join periods as above
        on
            above.division_code in (
                periods.city_code,
                substr(periods.division_code, 1, 6),
                substr(periods.division_code, 1, 9)
            )
            and periods.told_on >= above.valid_from
            and coalesce(periods.told_on < above.valid_to, true)
    group by periods.division_code, periods.valid_from
),

managed as (
    select * from {{ ref('reporting_unit_area') }}
),

units as (
    select * from {{ ref('reporting_unit') }}
)

select
    periods.division_code,
    periods.valid_from,
    periods.valid_to,
    periods.name,
    periods.level,
    periods.parent_code,
    periods.urban_rural_code,
    substr(periods.division_code, 1, 6) as county_code,
    coalesce(managed.reporting_unit, substr(periods.division_code, 1, 6)) as reporting_unit_code,
    names.city_name,
    names.county_name,
    names.township_name,
    coalesce(units.name, names.county_name, periods.name) as reporting_unit_name,
    periods.is_listed,
    periods.is_stale
from periods
left join names
    on periods.division_code = names.division_code and periods.valid_from = names.valid_from
left join managed
    on
        substr(periods.division_code, 1, 9) = managed.code
        and coalesce(periods.told_on >= managed.valid_from, true)
        and coalesce(periods.told_on < managed.valid_to, true)
left join units
    on coalesce(managed.reporting_unit, substr(periods.division_code, 1, 6)) = units.code
