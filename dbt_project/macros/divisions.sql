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
