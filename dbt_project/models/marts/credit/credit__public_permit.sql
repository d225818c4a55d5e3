-- What the public may see of permits today: of organisations only, not withdrawn. A record that names
-- a natural person in any way is none; of the self-employed only those whose name is that of the
-- register. Numbers of persons inside texts are struck out.
select
    permits.record_id,
    permits.document_no,
    permits.document_name,
    permits.counterparty_name,
    permits.counterparty_kind,
    permits.uscc,
    permits.entity_id,
    permits.permit_class,
    permits.certificate_name,
    permits.certificate_no,
    {{ without_person_numbers('permits.content') }} as content,
    permits.decision_date,
    permits.valid_from,
    permits.valid_to,
    permits.is_long_term,
    permits.deciding_body_name,
    permits.deciding_body_uscc
from {{ ref('credit__administrative_permit') }} as permits
left join {{ ref('legal_entity__legal_entity') }} as entities
    on permits.entity_id = entities.entity_id
where
    not permits.is_withdrawn
    and {{ is_public_party('permits', 'entities') }}
