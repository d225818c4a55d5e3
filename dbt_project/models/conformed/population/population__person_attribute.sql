-- Every candidate of every value, with where it comes from and which one is chosen.
{{ config(materialized='view') }}
select
    candidates.subject_id as person_id,
    candidates.attribute,
    candidates.extract,
    candidates.record_key,
    candidates.role,
    candidates.method,
    candidates.attribute_value,
    candidates.source_column,
    candidates.provider,
    candidates.delivery_id,
    candidates.line,
    candidates.business_date,
    candidates.observed_at,
    candidates.valid_from,
    candidates.source_level,
    candidates.is_preferred,
    candidates.candidate_rank,
    candidates.is_chosen,
    candidates.chosen_because,
    candidates.correction_id
from {{ ref('int_population__list_candidates') }} as candidates
