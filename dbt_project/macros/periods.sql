{# Periods of statistics are texts: 2018, 2018Q1, 2018-03. #}

{# A bulletin's month as the period of an indicator: quarterly ones have quarters, yearly ones years. #}
{% macro period_of_month(month, frequency) -%}
    case {{ frequency }}
        when 'Q' then strftime({{ month }}, '%Y') || 'Q' || quarter({{ month }})
        when 'Y' then strftime({{ month }}, '%Y')
        else strftime({{ month }}, '%Y-%m')
    end
{%- endmacro %}

{# The place of a period in its year: 3 of 2018-03, 1 of 2018Q1; a whole year has none. #}
{% macro period_step(period) -%}
    case when length({{ period }}) > 4 then try_cast(substr({{ period }}, 6) as integer) end
{%- endmacro %}

{% macro period_start(period) -%}
    case length({{ period }})
        when 4 then make_date(try_cast({{ period }} as integer), 1, 1)
        when 6
            then
                make_date(
                    try_cast(substr({{ period }}, 1, 4) as integer),
                    3 * {{ period_step(period) }} - 2,
                    1
                )
        else make_date(try_cast(substr({{ period }}, 1, 4) as integer), {{ period_step(period) }}, 1)
    end
{%- endmacro %}

{% macro period_end(period) -%}
    cast(
        {{ period_start(period) }}
        + case length({{ period }})
            when 4 then interval 1 year when 6 then interval 3 month else interval 1 month
        end
        - interval 1 day as date
    )
{%- endmacro %}

{# A number in another unit of the same base; units differ by powers of ten, so this is exact. #}
{% macro in_unit(number, factor, own_factor) -%}
    cast(
        {{ number }} * cast({{ factor }} / {{ own_factor }} as decimal(17, 8)) as decimal(38, 10)
    )
{%- endmacro %}
