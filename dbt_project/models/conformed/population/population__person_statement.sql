-- Everything that was ever stated of a person, and when the warehouse knew it: the proof behind
-- population.person_history, and what "as known on a day" is answered from.
{{ config(materialized='view') }}
select
    subject_id as person_id,
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
from {{ ref('int_population__list_statements') }}
