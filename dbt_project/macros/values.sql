{# A number counts as a resident number only where the paper is of a kind that carries one; ingest
   has checked the digits of those. Other papers' numbers are no resident numbers. #}
{% macro resident_number(number, id_type=none) -%}
    case
        when regexp_full_match({{ number }}, '[0-9]{17}[0-9X]')
        {% if id_type %}and {{ is_resident_paper(id_type) }} {% endif -%}
        then {{ number }}
    end
{%- endmacro %}

{# The 15-digit form under which a number was delivered, when ingest upgraded it; else NULL.
   as_given is the JSON object of texts as delivered. #}
{% macro number_of_15(number, as_given, column) -%}
    case
        when
            regexp_replace(
                translate(
                    json_extract_string(try_cast({{ as_given }} as json), '$.{{ column }}'),
                    '０１２３４５６７８９', '0123456789'
                ),
                '[^0-9]', '', 'g'
            ) = substr({{ number }}, 1, 6) || substr({{ number }}, 9, 9)
        then substr({{ number }}, 1, 6) || substr({{ number }}, 9, 9)
    end
{%- endmacro %}

{# Names are compared without spaces and with one form of the middle dot. #}
{% macro comparable_person_name(name) -%}
    upper(regexp_replace(translate({{ name }}, '．•・‧∙⋅.', '·······'), '[\s　]+', '', 'g'))
{%- endmacro %}

{# Names of organisations are compared without spaces and with half-width brackets. #}
{% macro comparable_entity_name(name) -%}
    upper(regexp_replace(translate({{ name }}, '（）〔〕［］【】', '()()()()'), '[\s　]+', '', 'g'))
{%- endmacro %}

{# '1' or '2' by the 17th digit of a resident number; NULL without one. #}
{% macro sex_of_number(number) -%}
    case try_cast(substr({{ number }}, 17, 1) as integer) % 2 when 1 then '1' when 0 then '2' end
{%- endmacro %}

{# The birth date inside a resident number; NULL when it is none. #}
{% macro birth_date_of_number(number) -%}
    try_cast(
        substr({{ number }}, 7, 4) || '-' || substr({{ number }}, 11, 2) || '-'
        || substr({{ number }}, 13, 2) as date
    )
{%- endmacro %}

{# The night's business date. #}
{% macro business_date() -%}
    cast('{{ var("business_date") }}' as date)
{%- endmacro %}

{# The age from which a man (男方) or a woman may marry: the law of 1980, in force from 1981, or
   that of 1950 before. #}
{% macro marriage_age(role, registered_date) -%}
    (if({{ role }} = '男方', 20, 18) + if({{ registered_date }} >= date '1981-01-01', 2, 0))
{%- endmacro %}
