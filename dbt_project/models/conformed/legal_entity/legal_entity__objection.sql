-- Disagreements, each with an id that stays the same from night to night and shows nothing of it.
with objections as (
    select * from {{ ref('int_legal_entity__object_to_records') }}
    union all by name
    select * from {{ ref('int_legal_entity__object_to_numbers') }}
)

select
    {{ objection_id() }} as objection_id,
    rule_id,
    provider,
    extract,
    record_key,
    attribute,
    value_seen,
    evidence,
    opened_date,
    counterpart_extract,
    counterpart_record_key,
    entity_id
from objections
