-- One row per entity and period of unchanged values: what is true in the world by what is known today.
-- The current row says what legal_entity.legal_entity says.
with histories as (
    {{ history_periods('legal_entity', ref('int_legal_entity__period_statements')) }}
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
