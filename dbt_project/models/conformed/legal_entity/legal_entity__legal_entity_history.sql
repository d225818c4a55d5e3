-- One row per entity and period of unchanged values: what is true in the world by what is known today.
-- The current row says what legal_entity.legal_entity says.
{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='entity_id'
) }}
{% set periods %}(
    select * from {{ ref('int_legal_entity__period_statements') }}
    where {{ touched('int_legal_entity__touch_entities', 'entity_id', 'subject_id') }}
) as statements{% endset %}
with histories as (
    {{ history_periods('legal_entity', periods) }}
)

select
    subject_id as entity_id,
    valid_from,
    valid_to,
    is_current,
    uscc,
    organisation_code,
    registration_no,
    name,
    entity_kind,
    entity_type_code,
    is_legal_person,
    legal_representative_name,
    legal_representative_person_id,
    registered_capital_cny,
    industry_code,
    address,
    division_code,
    registration_status_code,
    closed_date,
    established_date,
    taxpayer_status,
    tax_credit_rating
from histories
