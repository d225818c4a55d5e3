-- The year of every station and of the city after HJ 663: mean and percentile of the valid days,
-- rounded by GB/T 8170 and held against GB 3095 as in force at the year's end. A year needs 324 valid
-- days, each month 27 (February 25). Percentile: rank 1 + (n - 1) p, linear between neighbours.
with {{ air_days(ref('environment__air_quality_hourly')) }},

-- ten more decimals than a millionth has room for: one round of each day's ratio
days as (
    select
        station_code,
        observed_date,
        cast(extract('year' from observed_date) as integer) as observed_year,
        pollutant,
        numerator * 1000000 // denominator as trillionths,
        row_number() over (
            partition by station_code, extract('year' from observed_date), pollutant
            order by numerator * 1000000 // denominator, observed_date
        ) as rank_no
    from day_averages
    where averaging <> '1h'
),

months as (
    select
        station_code,
        observed_year,
        pollutant,
        count(*) >= case when extract('month' from any_value(observed_date)) = 2 then 25 else 27 end
            as is_valid
    from days
    group by station_code, observed_year, pollutant, extract('month' from observed_date)
),

valid_months as (
    select
        station_code,
        observed_year,
        pollutant,
        count(*) filter (where is_valid) as valid_months
    from months
    group by station_code, observed_year, pollutant
),

years as (
    select
        days.station_code,
        days.observed_year,
        days.pollutant,
        pollutants.unit,
        pollutants.decimals,
        pollutants.percentile,
        pollutants.evaluates_mean = 'Y' as evaluates_mean,
        count(*) as days,
        sum(days.trillionths) as total,
        make_date(days.observed_year, 12, 31) as year_end
    from days
    inner join {{ ref('air_pollutant') }} as pollutants on days.pollutant = pollutants.code
    group by all
),

-- hundredths of the rank: 100 + (n - 1) p; the value in hundredths of trillionths
percentiles as (
    select
        years.station_code,
        years.observed_year,
        years.pollutant,
        sum(
            days.trillionths * case
                when days.rank_no = (100 + (years.days - 1) * years.percentile) // 100
                    then 100 - (100 + (years.days - 1) * years.percentile) % 100
                else (100 + (years.days - 1) * years.percentile) % 100
            end
        ) as value_hundredfold
    from years
    inner join days
        on
            years.station_code = days.station_code
            and years.observed_year = days.observed_year
            and years.pollutant = days.pollutant
            and days.rank_no - (100 + (years.days - 1) * years.percentile) // 100 in (0, 1)
    group by years.station_code, years.observed_year, years.pollutant
),

evaluated as (
    select
        years.*,
        valid_months.valid_months,
        years.days >= 324 and valid_months.valid_months = 12 as is_valid,
        {{ exact_ratio('years.total', 'years.days * 1000000000000', 10) }} as mean_unrounded,
        {{ exact_ratio('percentiles.value_hundredfold', '100000000000000', 10) }}
            as percentile_unrounded,
        yearly.grade2 as mean_limit,
        daily.grade2 as percentile_limit,
        coalesce(yearly.standard, daily.standard) as standard
    from years
    inner join valid_months
        on
            years.station_code = valid_months.station_code
            and years.observed_year = valid_months.observed_year
            and years.pollutant = valid_months.pollutant
    inner join percentiles
        on
            years.station_code = percentiles.station_code
            and years.observed_year = percentiles.observed_year
            and years.pollutant = percentiles.pollutant
    left join {{ ref('air_limit') }} as yearly
        on
            years.pollutant = yearly.pollutant
            and yearly.averaging = 'annual'
            and years.year_end >= yearly.valid_from
            and years.year_end <= coalesce(yearly.valid_to, date '9999-12-31')
    left join {{ ref('air_limit') }} as daily
        on
            years.pollutant = daily.pollutant
            and daily.averaging = case when years.pollutant = 'O3' then '8h' else '24h' end
            and years.year_end >= daily.valid_from
            and years.year_end <= coalesce(daily.valid_to, date '9999-12-31')
),

rounded as (
    select
        *,
        {{ round_as_standard('mean_unrounded', 'decimals') }} as mean_value,
        {{ round_as_standard('percentile_unrounded', 'decimals') }} as percentile_value
    from evaluated
),

judged as (
    select
        *,
        case
            when not is_valid then null
            when mean_value > mean_limit or percentile_value > percentile_limit then false
            when percentile_limit is null or (evaluates_mean and mean_limit is null) then null
            else true
        end as is_compliant
    from rounded
),

names as (
    select
        station_code,
        extract('year' from observed_date) as observed_year,
        arg_max(station_name, observed_date) as station_name
    from station_days
    group by station_code, extract('year' from observed_date)
)

select
    judged.station_code,
    judged.observed_year,
    judged.pollutant,
    coalesce(names.station_name, '铜川市') as station_name,
    judged.station_code = '610200' as is_city,
    judged.unit,
    cast(judged.days as integer) as days,
    cast(judged.valid_months as integer) as valid_months,
    judged.is_valid,
    judged.mean_unrounded,
    judged.mean_value,
    judged.mean_limit,
    judged.percentile as percentile_rank,
    judged.percentile_unrounded,
    judged.percentile_value,
    judged.percentile_limit,
    judged.is_compliant,
    case
        when bool_or(not judged.is_compliant) over place then false
        when count(judged.is_compliant) over place = 6 then true
    end as is_place_compliant,
    judged.standard
from judged
left join names
    on judged.station_code = names.station_code and judged.observed_year = names.observed_year
window place as (partition by judged.station_code, judged.observed_year)
