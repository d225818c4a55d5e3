-- Every statement of a current record about a value of an entity, in the order in which it is believed
-- (catalog/survivorship/legal_entity.yml).
{% set mentions %}
    select
        entity_id as subject_id,
        extract,
        record_key,
        '本人' as role
    from {{ ref('int_legal_entity__rank_records') }}
{% endset %}
{{ rank_statements('legal_entity', mentions=mentions) }}
