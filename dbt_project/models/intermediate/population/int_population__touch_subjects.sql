-- Subjects to whom or from whom a touched mention or number went, or who had or have one; with the
-- person that each was so far. Empty where everything is made anew.
{% set links, reached = ref('int_population__touch_links'), ref('int_population__touch_records') %}
{% set mentions, numbers = ref('int_population__link_mentions'), ref('int_population__join_numbers') %}
{% if var('touched_since', none) %}
    with former as (
        select * from {{ as_built('int_population__anchor_subjects') }}
    ),

    subjects as (
        select links.subject_key_was as subject_key
        from {{ links }} as links
        where links.subject_key_was is not null
        union
        select mentions.subject_key
        from {{ mentions }} as mentions
        where mentions.record_id in (select links.record_id from {{ links }} as links)
        union
        select numbers.subject_key
        from {{ numbers }} as numbers
        where numbers.resident_id in (select reached.resident_id from {{ reached }} as reached)
        union
        select former.subject_key
        from former
        where
            (
                former.identifier_kind = 'resident_id'
                and former.identifier_value in (select reached.resident_id from {{ reached }} as reached)
            )
            or (
                former.identifier_kind = 'record'
                and former.identifier_value in (select links.record_id from {{ links }} as links)
            )
    )

    select distinct
        subjects.subject_key,
        former.person_id as person_id_was
    from subjects
    left join former on subjects.subject_key = former.subject_key
{% else %}
    select
        cast(null as varchar) as subject_key,
        cast(null as varchar) as person_id_was
    where false
{% endif %}
