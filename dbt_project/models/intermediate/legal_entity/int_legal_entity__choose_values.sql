{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='entity_id'
) }}
-- One row per entity with the chosen value of each attribute. Not from int_legal_entity__list_candidates:
-- of a view DuckDB would make every row before it looks which are touched.
{% set statements %}(
    select * from {{ ref('int_legal_entity__rank_statements') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'subject_id') }}
){% endset %}
{% set candidates %}(
    {{ list_candidates('legal_entity', statements, ref('int_legal_entity__list_corrections')) }}
) as candidates{% endset %}
{{ pivot_chosen('legal_entity', candidates, 'entity_id') }}
