{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='subject_id'
) }}
-- What every version of every record, also of replaced and withdrawn deliveries, says of an entity
-- (catalog/survivorship/legal_entity.yml).
{% set subjects %}
    select
        entity_id as subject_id,
        extract,
        record_key,
        '本人' as role
    from {{ ref('int_legal_entity__link_versions') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'entity_id') }}
{% endset %}
{{ list_statements('legal_entity', subjects, {
    'legal_entity/enterprise_registration': 'incremental',
    'legal_entity/public_institution': 'full',
    'legal_entity/social_organisation': 'full',
    'legal_entity/tax_registration': 'incremental',
}) }}
