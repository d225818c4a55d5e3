{# The ambient air: pollutants, exact means, IAQI and AQI. Every number is an integer ratio
   (HUGEINT numerator in millionths of the unit, BIGINT denominator) until it is rounded once: no
   binary fraction ever decides on which side of a break point a value lies. #}

{# Pollutants in the order of the products: code of the list air_pollutant, column, unit in names,
   averages of the hourly index (and what takes over above its table), of the daily index. #}
{% macro air_pollutants() -%}
    {{ return([
        {'code': 'SO2', 'column': 'so2', 'unit': 'ug_m3', 'hour': '1h'},
        {'code': 'NO2', 'column': 'no2', 'unit': 'ug_m3', 'hour': '1h'},
        {'code': 'PM10', 'column': 'pm10', 'unit': 'ug_m3', 'hour': '24h'},
        {'code': 'PM2.5', 'column': 'pm25', 'unit': 'ug_m3', 'hour': '24h'},
        {'code': 'CO', 'column': 'co', 'unit': 'mg_m3', 'hour': '1h'},
        {'code': 'O3', 'column': 'o3', 'unit': 'ug_m3', 'hour': '1h'},
    ]) }}
{%- endmacro %}

{# An exact decimal as an integer number of millionths. #}
{% macro millionths(value) -%}
    cast({{ value }} * 1000000 as hugeint)
{%- endmacro %}

{# numerator / denominator (neither negative) to an integer after GB/T 8170: halves to even. #}
{% macro half_even(numerator, denominator) -%}
    (
        ({{ numerator }}) // ({{ denominator }})
        + case
            when 2 * (({{ numerator }}) % ({{ denominator }})) > ({{ denominator }}) then 1
            when 2 * (({{ numerator }}) % ({{ denominator }})) < ({{ denominator }}) then 0
            else (({{ numerator }}) // ({{ denominator }})) % 2
        end
    )
{%- endmacro %}

{# numerator / denominator rounded once to a decimal of so many places (1 to 10). #}
{% macro exact_ratio(numerator, denominator, places) -%}
    try_cast(
        try_cast(
            {{ half_even('(' ~ numerator ~ ') * 1' ~ '0' * places, denominator) }}
            as decimal(20, 0)
        ) * cast('0.{{ '0' * (places - 1) }}1' as decimal({{ places }}, {{ places }}))
        as decimal(20, {{ places }})
    )
{%- endmacro %}

{# The mean of millionths over a count as DECIMAL(20,10). #}
{% macro mean_of(numerator, denominator) -%}
    {{ exact_ratio(numerator, '(' ~ denominator ~ ') * 1000000', 10) }}
{%- endmacro %}

{# A day is 01:00 to 24:00: each hour stands under its end. #}
{% macro day_of_hour(observed_at) -%}
    cast({{ observed_at }} - interval 1 hour as date)
{%- endmacro %}

{# A DECIMAL(20,10) rounded by GB/T 8170 to an integer or to one decimal. #}
{% macro round_as_standard(value, decimals) -%}
    {%- set units = 'cast(' ~ value ~ ' * 10000000000 as hugeint)' -%}
    case
        when {{ decimals }} = 0
            then try_cast({{ half_even(units, '10000000000') }} as decimal(20, 1))
        else {{ exact_ratio(units, '10000000000', 1) }}
    end
{%- endmacro %}

{# CTEs that end in `indices`: one row per key with the IAQI of each pollutant, AQI, level, category,
   primary pollutants and edition. `averages` is a CTE with the key, observed_date, pollutant,
   averaging, is_fallback, numerator, denominator; rows with is_fallback count only where the main
   average has no IAQI of its own. The edition of HJ 633 in force on the day decides: break points,
   rounding before (2026), and what an incomplete set may publish (2026, 5.3.1). #}
{% macro air_indices(averages, key) -%}
    {%- set keys = key | join(', ') -%}
    dated as (
        select
            averages.* exclude (numerator, denominator),
            editions.code as edition,
            editions.incomplete_from,
            pollutants.position,
            case
                when editions.rounds_concentration = 'Y' then
                    {{ half_even('averages.numerator', 'averages.denominator * pollutants.step') }}
                    * pollutants.step
                else averages.numerator
            end as numerator,
            case
                when editions.rounds_concentration = 'Y' then 1 else averages.denominator
            end as denominator
        from {{ averages }} as averages
        inner join (
            select
                *,
                -- one unit of the last digit that is kept, in millionths
                case decimals when 0 then 1000000 when 1 then 100000 end as step
            from {{ ref('air_pollutant') }}
        ) as pollutants on averages.pollutant = pollutants.code
        inner join {{ ref('aqi_edition') }} as editions
            on
                averages.observed_date >= editions.valid_from
                and averages.observed_date <= coalesce(editions.valid_to, date '9999-12-31')
    ),

    segmented as (
        select
            dated.*,
            points.iaqi_low,
            points.iaqi_high - points.iaqi_low as iaqi_span,
            dated.numerator - {{ millionths('points.bp_low') }} * dated.denominator as above,
            {{ millionths('(points.bp_high - points.bp_low)') }} * dated.denominator as bp_span
        from dated
        inner join {{ ref('aqi_breakpoint') }} as points
            on
                dated.edition = points.edition
                and dated.pollutant = points.pollutant
                and dated.averaging = points.averaging
                and (
                    dated.numerator > {{ millionths('points.bp_low') }} * dated.denominator
                    or (points.bp_low = 0 and dated.numerator = 0)
                )
                and (
                    points.bp_high is null
                    or dated.numerator
                    <= {{ millionths('points.bp_high') }} * dated.denominator
                )
    ),

    -- rounded up, always
    calculated as (
        select
            {{ keys }},
            pollutant,
            position,
            edition,
            incomplete_from,
            arg_min(
                cast(
                    iaqi_low + coalesce((iaqi_span * above + bp_span - 1) // bp_span, 0) as integer
                ),
                is_fallback
            ) as iaqi
        from segmented
        group by all
    ),

    highest as (
        select
            *,
            max(iaqi) over (partition by {{ keys }}) as worst,
            count(*) over (partition by {{ keys }}) as known
        from calculated
    ),

    summed as (
        select
            {{ keys }},
            {% for one in air_pollutants() -%}
                max(iaqi) filter (where pollutant = '{{ one.code }}') as iaqi_{{ one.column }},
            {% endfor -%}
            case
                when any_value(known) = 6 or any_value(incomplete_from) is null then any_value(worst)
                when any_value(worst) >= any_value(incomplete_from) then any_value(worst)
            end as aqi,
            string_agg(pollutant, ',' order by position)
                filter (where iaqi = worst and worst > 50) as primaries,
            any_value(edition) as edition
        from highest
        group by {{ keys }}
    ),

    indices as (
        select
            summed.* exclude (primaries),
            case when summed.aqi is not null then summed.primaries end as primaries,
            categories.code as aqi_level,
            categories.name as aqi_category
        from summed
        left join {{ ref('aqi_category') }} as categories
            on
                summed.aqi >= categories.aqi_low
                and summed.aqi <= coalesce(categories.aqi_high, 500)
    )
{%- endmacro %}
