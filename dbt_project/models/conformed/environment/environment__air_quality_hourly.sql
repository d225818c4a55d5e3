-- Every hour of every station: concentrations, sliding means and the index of the hour (HJ 633).
-- Particles are judged by the break points of 24 hours; SO2 above its hourly table by its 24 h mean.
{%- set pollutants = air_pollutants() %}
with hours as (
    select
        *,
        {{ day_of_hour('observed_at') }} as observed_date,
        {% for one in pollutants -%}
            sum({{ millionths(one.column) }}) over last_24 as {{ one.column }}_24h_sum,
            count({{ one.column }}) over last_24 as {{ one.column }}_24h_hours,
        {% endfor -%}
        sum({{ millionths('o3') }}) over last_8 as o3_8h_sum,
        count(o3) over last_8 as o3_8h_hours
    from {{ ref('stg_environment__air_quality_hourly') }}
    window
        last_24 as (
            partition by station_code order by observed_at
            range between interval 23 hours preceding and current row
        ),
        last_8 as (
            partition by station_code order by observed_at
            range between interval 7 hours preceding and current row
        )
),

averages as (
    {%- for one in pollutants %}
        select
            station_code,
            observed_at,
            observed_date,
            '{{ one.code }}' as pollutant,
            '{{ one.hour }}' as averaging,
            false as is_fallback,
            {{ millionths(one.column) }} as numerator,
            cast(1 as bigint) as denominator
        from hours
        where {{ one.column }} is not null
        union all
    {%- endfor %}
    select
        station_code,
        observed_at,
        observed_date,
        'SO2' as pollutant,
        '24h' as averaging,
        true as is_fallback,
        so2_24h_sum as numerator,
        so2_24h_hours as denominator
    from hours
    where so2 is not null and so2_24h_hours >= 20
),

{{ air_indices('averages', ['station_code', 'observed_at']) }}

select
    hours.station_code,
    hours.observed_at,
    hours.station_name,
    hours.area_name,
    hours.observed_date,
    {% for one in pollutants -%}
        hours.{{ one.column }} as {{ one.column }}_{{ one.unit }},
    {% endfor -%}
    {% for one in pollutants if one.code != 'O3' -%}
        case
            when hours.{{ one.column }}_24h_hours >= 20
                then {{ mean_of(one.column ~ '_24h_sum', one.column ~ '_24h_hours') }}
        end as {{ one.column }}_24h_{{ one.unit }},
    {% endfor -%}
    case
        when hours.o3_8h_hours >= 6 then {{ mean_of('hours.o3_8h_sum', 'hours.o3_8h_hours') }}
    end as o3_8h_ug_m3,
    {% for one in pollutants -%}
        indices.iaqi_{{ one.column }},
    {% endfor -%}
    indices.aqi,
    indices.aqi_level,
    indices.aqi_category,
    indices.primaries as primary_pollutant,
    indices.edition as aqi_standard,
    (
        {%- for one in pollutants %}
            hours.{{ one.column }} is not null{{ ' and' if not loop.last }}
        {%- endfor %}
    ) as is_complete,
    hours.is_corrected,
    hours.provider,
    hours.delivery_id,
    hours.line
from hours
left join indices
    on hours.station_code = indices.station_code and hours.observed_at = indices.observed_at
