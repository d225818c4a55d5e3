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

{# Corrections that the department which states the value should act on: R-COR-01, the source still
   says the wrong value; R-COR-02, it says neither that nor what was expected. What is mended asks
   nothing; what the source no longer states is the operator's to look at, and so is a value that was
   made from another one. The record is its own counterpart. #}
{% macro object_to_corrections(corrections, subject_id) -%}
    with objections as (
        select
            if(state = 'active', 'R-COR-01', 'R-COR-02') as rule_id,
            subject_id as {{ subject_id }},
            source_provider as provider,
            extract,
            record_key,
            source_column as attribute,
            source_value as value_seen,
            '核定应为 ' || expected_upstream as evidence,
            business_date,
            business_date as counterpart_date,
            extract as counterpart_extract,
            record_key as counterpart_record_key
        from {{ corrections }}
        where state in ('active', 'changed') and source_method = 'stated'
        -- several decisions about one item of one record are asked about once, the latest of them
        qualify
            row_number() over (
                partition by extract, record_key, source_column
                order by decided_date desc, correction_id
            ) = 1
    )

    select
        {{ objection_columns(subject_id) }}
    from objections
{%- endmacro %}

{# The columns of the product <domain>.objection, from rows that are called `objections`. #}
{% macro select_objections(subject_id=none) -%}
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

{# The whole product <domain>.objection from its object_to models. #}
{% macro union_objections(models, subject_id=none) -%}
    with objections as (
        {%- for model in models %}
            select * from {{ ref(model) }}
            {{ 'union all by name' if not loop.last }}
        {%- endfor %}
    )

    {{ select_objections(subject_id) }}
{%- endmacro %}
