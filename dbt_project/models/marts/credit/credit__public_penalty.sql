-- What the public may see of penalties today: of organisations only, not withdrawn, within the period
-- of publicity. A record that names a natural person in any way is none; of the self-employed only
-- those whose name is that of the register. Texts that speak of persons are withheld (public_text).
{% set people = ['penalties.legal_representative_name', 'entities.legal_representative_name'] %}
select
    penalties.record_id,
    penalties.document_no,
    penalties.counterparty_name,
    penalties.counterparty_kind,
    penalties.uscc,
    penalties.entity_id,
    {{ public_text('penalties.violation_kind', people) }} as violation_kind,
    {{ public_text('penalties.violation_fact', people) }} as violation_fact,
    {{ public_text('penalties.legal_basis', people) }} as legal_basis,
    {{ public_text('penalties.penalty_kind', people) }} as penalty_kind,
    {{ public_text('penalties.content', people) }} as content,
    penalties.fine_cny,
    penalties.confiscated_cny,
    penalties.decision_date,
    penalties.publicity_until_date,
    penalties.publicity_basis,
    penalties.deciding_body_name,
    penalties.deciding_body_uscc
from {{ ref('credit__administrative_penalty') }} as penalties
left join {{ ref('legal_entity__legal_entity') }} as entities
    on penalties.entity_id = entities.entity_id
where
    not penalties.is_withdrawn
    and (
        penalties.publicity_until_date >= {{ business_date() }}
        or penalties.publicity_until_date is null and penalties.publicity_basis = '公示截止期'
    )
    and {{ is_public_party('penalties', 'entities') }}
