{{ config(
    materialized='touched', of='int_population__touch_persons', column='person_id',
    key='subject_id'
) }}
-- What every version of every record, also of replaced and withdrawn deliveries, says of a person
-- (catalog/survivorship/population.yml).
{% set subjects %}
    select
        person_id as subject_id,
        extract,
        record_key,
        role
    from {{ ref('int_population__link_versions') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
{% endset %}
{{ list_statements('population', subjects, {
    'population/household_registration': 'incremental',
    'population/residence_permit': 'incremental',
    'population/marriage_registration': 'append',
    'population/death_certificate': 'append',
    'population/cremation': 'append',
    'population/birth_certificate': 'append',
}) }}
