-- Every day of every station and of the city: means of 24 hours, the maximum 8 h mean of ozone, and
-- the daily index (HJ 633). The city's index is that of its mean concentrations.
{%- set pollutants = air_pollutants() %}
with {{ air_days(ref('environment__air_quality_hourly')) }},

averages as (
    select
        *,
        averaging = '1h' as is_fallback
    from day_averages
),

{{ air_indices('averages', ['station_code', 'observed_date']) }},

places as (
    select
        station_code,
        observed_date,
        station_name,
        area_name,
        {% for one in pollutants if one.code != 'O3' -%}
            cast({{ one.column }}_hours as integer) as {{ one.column }}_hours,
        {% endfor -%}
        false as is_city,
        1 as stations
    from station_days
    union all by name
    select
        '610200' as station_code,
        observed_date,
        '铜川市' as station_name,
        '铜川市' as area_name,
        true as is_city,
        cast(count(*) as integer) as stations
    from station_days
    where area_name in ('铜川市', '铜川')
    group by observed_date
),

valued as (
    select
        *,
        {{ mean_of('numerator', 'denominator') }} as mean
    from day_averages
),

means as (
    select
        station_code,
        observed_date,
        {% for one in pollutants if one.code != 'O3' -%}
            max(mean) filter (where pollutant = '{{ one.code }}') as {{ one.column }}_{{ one.unit }},
        {% endfor -%}
        max(mean) filter (where averaging = '8h') as o3_8h_max_ug_m3,
        max(mean) filter (where averaging = '1h') as o3_1h_max_ug_m3,
        count(distinct pollutant) as valid_pollutants
    from valued
    group by station_code, observed_date
)

select
    places.station_code,
    places.observed_date,
    places.station_name,
    places.area_name,
    places.is_city,
    places.stations,
    {% for one in pollutants if one.code != 'O3' -%}
        means.{{ one.column }}_{{ one.unit }},
    {% endfor -%}
    means.o3_8h_max_ug_m3,
    means.o3_1h_max_ug_m3,
    {% for one in pollutants if one.code != 'O3' -%}
        places.{{ one.column }}_hours,
    {% endfor -%}
    case
        when not places.is_city then cast(coalesce(ozone_days.means, 0) as integer)
    end as o3_8h_means,
    {% for one in pollutants -%}
        indices.iaqi_{{ one.column }},
    {% endfor -%}
    indices.aqi,
    indices.aqi_level,
    indices.aqi_category,
    indices.primaries as primary_pollutants,
    indices.edition as aqi_standard,
    coalesce(means.valid_pollutants, 0) = 6 as is_valid
from places
left join means
    on places.station_code = means.station_code and places.observed_date = means.observed_date
left join ozone_days
    on
        places.station_code = ozone_days.station_code
        and places.observed_date = ozone_days.observed_date
left join indices
    on places.station_code = indices.station_code and places.observed_date = indices.observed_date
