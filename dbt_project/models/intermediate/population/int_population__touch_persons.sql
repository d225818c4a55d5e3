-- Persons about whom something may change: those that touched subjects were or are, those of whom a
-- record waits for a day that has come since the last build, and those with a correction. Empty where
-- everything is made anew.
{% set subjects, anchors = ref('int_population__touch_subjects'), ref('int_population__anchor_subjects') %}
{# not below: what is not asked for when dbt parses, it does not know to hang on the date #}
{% set waiting = waiting_subjects('population') %}
{% if var('touched_since', none) %}
    select subjects.person_id_was as person_id
    from {{ subjects }} as subjects
    where subjects.person_id_was is not null
    union
    select anchors.person_id
    from {{ anchors }} as anchors
    where anchors.subject_key in (select subjects.subject_key from {{ subjects }} as subjects)
    union
    {{ waiting }}
{% else %}
    select cast(null as varchar) as person_id
    where false
{% endif %}
