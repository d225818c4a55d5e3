{# Objections: a record is held against another one that is believed more (its counterpart). #}

{# Columns of the believed record, in the select of one kind of objection. #}
{% macro counterpart(believed) -%}
    {{ believed }}.business_date as counterpart_date,
    {{ believed }}.extract as counterpart_extract,
    {{ believed }}.record_key as counterpart_record_key
{%- endmacro %}

{# The columns of an int_<domain>__object_to_… model, from rows that have them and the two business
   dates: an objection is opened by the later of the two deliveries. subject_id: person_id, entity_id, or
   none where objections are of no subject. #}
{% macro objection_columns(subject_id=none) -%}
    rule_id,
    {{ subject_id ~ ',' if subject_id }}
    provider,
    extract,
    record_key,
    attribute,
    value_seen,
    evidence,
    greatest(business_date, counterpart_date) as opened_date,
    counterpart_extract,
    counterpart_record_key
{%- endmacro %}

{# The id of an objection: which rule, which item of which record. It stays the same from night to
   night, also when another record comes to be the one that is believed, and shows nothing of what it
   is made from. Where one item is held against several records at once, they are numbered. #}
{% macro objection_id() -%}
    keyed_id(
        'objection',
        concat_ws(
            chr(31),
            rule_id, extract, record_key, attribute,
            cast(row_number() over (
                partition by rule_id, extract, record_key, attribute
                order by counterpart_extract, counterpart_record_key
            ) as varchar)
        )
    )
{%- endmacro %}

{# The whole product <domain>.objection from its object_to models. #}
{% macro union_objections(models, subject_id=none) -%}
    with objections as (
        {%- for model in models %}
            select * from {{ ref(model) }}
            {{ 'union all by name' if not loop.last }}
        {%- endfor %}
    )

    select
        {{ objection_id() }} as objection_id,
        rule_id,
        provider,
        extract,
        record_key,
        attribute,
        value_seen,
        evidence,
        opened_date,
        counterpart_extract,
        counterpart_record_key
        {{- ', ' ~ subject_id if subject_id }}
    from objections
{%- endmacro %}
