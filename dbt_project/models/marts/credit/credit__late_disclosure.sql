-- Every permit and penalty that reached the city after the limit.
with {{ disclosures() }}

select
    record_kind,
    record_id,
    provider,
    document_no,
    entity_id,
    decision_date,
    first_reached_date,
    cast(working_days as integer) as working_days,
    limit_working_days
from disclosures
where is_late
