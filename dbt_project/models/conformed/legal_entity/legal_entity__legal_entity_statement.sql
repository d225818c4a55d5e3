-- Everything that was ever stated of an entity, and when the warehouse knew it: the proof behind
-- legal_entity.legal_entity_history, and what "as known on a day" is answered from.
{{ config(materialized='view') }}
select
    subject_id as entity_id,
    attribute,
    extract,
    record_key,
    role,
    source_position,
    version_no as known_version_no,
    is_stated,
    attribute_value,
    event_date,
    stated_date,
    expires_date,
    is_document,
    source_level,
    is_preferred,
    order_key,
    observed_at,
    provider,
    business_date,
    delivery_id,
    line,
    known_at,
    known_until,
    known_only
from {{ ref('int_legal_entity__list_statements') }}
