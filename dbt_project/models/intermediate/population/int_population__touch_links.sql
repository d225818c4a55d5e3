-- Mentions whose link may change: those that the touched records reach, and those without a number
-- about which linking now says something else; with the subject that they were linked to so far.
-- Empty where everything is made anew.
{% set reached = ref('int_population__touch_records') %}
{% set units, numbers = ref('int_population__link_units'), ref('int_population__number_records') %}
{% if var('touched_since', none) %}
    with former as (
        select * from {{ as_built('int_population__link_mentions') }}
    ),

    relinked as (
        select record_id
        from (
            select {{ unit_link_columns() }} from {{ units }}
            except
            select {{ unit_link_columns() }} from former
        ) as others
        union
        select former.record_id
        from former
        where
            former.record_id not in (select units.record_id from {{ units }} as units)
            and former.record_id not in (select numbers.record_id from {{ numbers }} as numbers)
        union
        select reached.record_id from {{ reached }} as reached
    )

    select
        relinked.record_id,
        former.subject_key as subject_key_was
    from relinked
    left join former on relinked.record_id = former.record_id
{% else %}
    select
        cast(null as varchar) as record_id,
        cast(null as varchar) as subject_key_was
    where false
{% endif %}
