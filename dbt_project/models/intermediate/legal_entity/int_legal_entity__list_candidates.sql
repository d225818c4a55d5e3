{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='subject_id'
) }}
-- Every candidate of every value, with the one that is chosen.
{% set statements %}(
    select * from {{ ref('int_legal_entity__rank_statements') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'subject_id') }}
){% endset %}
{{ list_candidates(
    'legal_entity',
    statements,
    ref('int_legal_entity__list_corrections')
) }}
