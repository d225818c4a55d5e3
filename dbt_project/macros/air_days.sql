{# CTEs that end in `day_averages`: per place (station, or the city as 610200), day and pollutant the
   valid average as an exact ratio, and `station_days` with the counts behind it. A mean of 24 h needs
   20 hours. An 8 h mean of ozone needs 6, the day's maximum 14 of the 17 means that end from 08:00 to
   24:00, or one above the limit of grade 2. The city is the mean of its stations that are valid. #}
{% macro air_days(hourly) -%}
    hours as (
        select
            *,
            cast(date_diff('hour', cast(observed_date as timestamp), observed_at) as integer) as hour_no
        from {{ hourly }}
    ),

    station_days as (
        select
            station_code,
            observed_date,
            arg_max(station_name, observed_at) as station_name,
            arg_max(area_name, observed_at) as area_name
            {%- for one in air_pollutants() %},
                count({{ one.column }}_{{ one.unit }}) as {{ one.column }}_hours,
                sum({{ millionths(one.column ~ '_' ~ one.unit) }}) as {{ one.column }}_sum
            {%- endfor %},
            {{ millionths('max(o3_ug_m3)') }} as o3_max
        from hours
        group by station_code, observed_date
    ),

    ozone_means as (
        select
            hours.station_code,
            hours.observed_date,
            ends.hour_no,
            sum({{ millionths('hours.o3_ug_m3') }}) as numerator,
            count(*) as denominator
        from hours
        inner join range(8, 25) as ends(hour_no)
            on hours.hour_no <= ends.hour_no and hours.hour_no > ends.hour_no - 8
        where hours.o3_ug_m3 is not null
        group by hours.station_code, hours.observed_date, ends.hour_no
        having count(*) >= 6
    ),

    -- 168 is divisible by 6, 7 and 8: so many hours, compared without a fraction
    ozone_days as (
        select
            station_code,
            observed_date,
            count(*) as means,
            arg_max(numerator, numerator * (168 // denominator)) as numerator,
            arg_max(denominator, numerator * (168 // denominator)) as denominator
        from ozone_means
        group by station_code, observed_date
    ),

    valid_ozone_days as (
        select ozone_days.*
        from ozone_days
        left join {{ ref('air_limit') }} as limits
            on
                limits.pollutant = 'O3'
                and limits.averaging = '8h'
                and ozone_days.observed_date >= limits.valid_from
                and ozone_days.observed_date <= coalesce(limits.valid_to, date '9999-12-31')
        where
            ozone_days.means >= 14
            or ozone_days.numerator > {{ millionths('limits.grade2') }} * ozone_days.denominator
    ),

    station_averages as (
        {%- for one in air_pollutants() if one.code != 'O3' %}
            select
                station_code,
                observed_date,
                '{{ one.code }}' as pollutant,
                '24h' as averaging,
                {{ one.column }}_sum as numerator,
                {{ one.column }}_hours as denominator
            from station_days
            where {{ one.column }}_hours >= 20
            union all
        {%- endfor %}
        select
            station_code,
            observed_date,
            'O3' as pollutant,
            '8h' as averaging,
            numerator,
            denominator
        from valid_ozone_days
        union all
        select
            valid_ozone_days.station_code,
            valid_ozone_days.observed_date,
            'O3' as pollutant,
            '1h' as averaging,
            station_days.o3_max as numerator,
            1 as denominator
        from valid_ozone_days
        inner join station_days
            on
                valid_ozone_days.station_code = station_days.station_code
                and valid_ozone_days.observed_date = station_days.observed_date
    ),

    -- 212520 is divisible by every count of hours that makes a mean: 20 to 24, 6 to 8, 1
    day_averages as (
        select * from station_averages
        union all
        select
            '610200' as station_code,
            station_averages.observed_date,
            station_averages.pollutant,
            station_averages.averaging,
            sum(station_averages.numerator * (212520 // station_averages.denominator)) as numerator,
            212520 * count(*) as denominator
        from station_averages
        inner join station_days
            on
                station_averages.station_code = station_days.station_code
                and station_averages.observed_date = station_days.observed_date
        where station_days.area_name in ('铜川市', '铜川')
        group by
            station_averages.observed_date, station_averages.pollutant, station_averages.averaging
    )
{%- endmacro %}
