{{ config(
    materialized='touched', of='int_population__touch_persons', column='person_id',
    key='subject_id'
) }}
-- Every candidate of every value, with the one that is chosen.
{% set statements %}(
    select * from {{ ref('int_population__rank_statements') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'subject_id') }}
){% endset %}
{{ list_candidates(
    'population',
    statements,
    ref('int_population__list_corrections')
) }}
