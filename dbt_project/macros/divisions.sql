{# What a code lies in by its digits (GB/T 2260, GB/T 10114): village, township, county, city, province. #}
{% macro parent_by_code(code) -%}
    case
        when length({{ code }}) = 12 then substr({{ code }}, 1, 9)
        when length({{ code }}) = 9 then substr({{ code }}, 1, 6)
        when length({{ code }}) = 6 and ends_with({{ code }}, '00')
            then substr({{ code }}, 1, 2) || '0000'
        when length({{ code }}) = 6 then substr({{ code }}, 1, 4) || '00'
    end
{%- endmacro %}

{# Townships that a reporting unit manages instead of their county, on the night's date. #}
{% macro managed_townships() -%}
    select
        code,
        reporting_unit
    from {{ ref('reporting_unit_area') }}
    where
        coalesce(valid_from <= {{ business_date() }}, true)
        and coalesce(valid_to > {{ business_date() }}, true)
{%- endmacro %}
