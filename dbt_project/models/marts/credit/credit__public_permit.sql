-- What the public may see of permits today: of organisations only, not withdrawn. A record that names
-- a natural person in any way is none; of the self-employed only those whose name is that of the
-- register. Texts that speak of persons are withheld (public_text).
{% set people = ['permits.legal_representative_name', 'entities.legal_representative_name'] %}
select
    permits.record_id,
    permits.document_no,
    {{ public_text('permits.document_name', people) }} as document_name,
    permits.counterparty_name,
    permits.counterparty_kind,
    permits.uscc,
    permits.entity_id,
    {{ public_text('permits.permit_class', people) }} as permit_class,
    {{ public_text('permits.certificate_name', people) }} as certificate_name,
    {{ public_text('permits.certificate_no', people) }} as certificate_no,
    {{ public_text('permits.content', people) }} as content,
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
