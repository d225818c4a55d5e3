-- Entities about which something may change: those that a record came to, left, or is of about which
-- something came; those of whose representative another person was made; and those who wait for a day
-- (macros/touched.sql). Empty where everything is made anew.
{% set links = ref('int_legal_entity__link_versions') %}
{% set statements = as_built('int_legal_entity__list_statements') %}
{% set subjects = ref('int_population__touch_subjects') %}
{% set anchors = ref('int_population__anchor_subjects') %}
{# not below: what is not asked for when dbt parses, it does not know to hang on the date #}
{% set waiting = waiting_subjects('legal_entity') %}
{% if var('touched_since', none) %}
    with records as (
        {% for register in entity_registers() %}
            {{ touched_records(register.extract, register.key, whole=not register.get('operations')) }}
            {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    linked as (
        select
            entity_id,
            extract,
            record_key
        from {{ links }}
    ),

    former as (
        select distinct
            subject_id as entity_id,
            extract,
            record_key
        from {{ statements }}
    ),

    moved as (
        (
            select * from linked
            except
            select * from former
        )
        union all
        (
            select * from former
            except
            select * from linked
        )
    ),

    either as (
        select * from linked
        union all
        select * from former
    ),

    representatives as (
        select subjects.person_id_was as person_id
        from {{ subjects }} as subjects
        union all
        select anchors.own_id as person_id
        from {{ anchors }} as anchors
        where anchors.subject_key in (select subjects.subject_key from {{ subjects }} as subjects)
    )

    select moved.entity_id from moved
    union
    select either.entity_id
    from either
    semi join records on either.extract = records.extract and either.record_key = records.record_key
    union
    select represented.subject_id as entity_id
    from (
        select * from {{ as_built('int_legal_entity__rank_statements') }}
        union all by name
        select * from {{ as_built('int_legal_entity__period_statements') }}
    ) as represented
    where
        represented.attribute = 'legal_representative_person_id'
        and represented.attribute_value in (select people.person_id from representatives as people)
    union
    {{ waiting }}
{% else %}
    select cast(null as varchar) as entity_id
    where false
{% endif %}
