{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='subject_id'
) }}
-- Every statement of a current record about a value of an entity, in the order in which it is believed
-- (catalog/survivorship/legal_entity.yml). A representative stands under the id that he has today.
{% set mentions %}
    select
        entity_id as subject_id,
        extract,
        record_key,
        '本人' as role
    from {{ ref('int_legal_entity__rank_records') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'entity_id') }}
{% endset %}
with ranked_statements as (
    {{ rank_statements('legal_entity', mentions=mentions) }}
)

{{ with_living_representatives('ranked_statements') }}
