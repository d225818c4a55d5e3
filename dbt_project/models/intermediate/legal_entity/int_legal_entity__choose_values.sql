{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='entity_id'
) }}
-- One row per entity with the chosen value of each attribute.
{% set candidates %}(
    select * from {{ ref('int_legal_entity__list_candidates') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'subject_id') }}
) as candidates{% endset %}
{{ pivot_chosen('legal_entity', candidates, 'entity_id') }}
