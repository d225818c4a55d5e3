{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- One row per person with the chosen value of each attribute.
{% set candidates %}(
    select * from {{ ref('int_population__list_candidates') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'subject_id') }}
) as candidates{% endset %}
{{ pivot_chosen('population', candidates, 'person_id') }}
