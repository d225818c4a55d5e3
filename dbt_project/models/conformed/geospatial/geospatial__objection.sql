-- Disagreements, each with an id that stays the same from night to night and shows nothing of it.
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
    counterpart_record_key
from {{ ref('int_geospatial__object_to_places') }}
