-- What the public may see of penalties today: of organisations only, not withdrawn, within the period
-- of publicity. A record that names a natural person in any way is none; of the self-employed only
-- those whose name is that of the register. Numbers of persons inside texts are struck out.
select
    penalties.record_id,
    penalties.document_no,
    penalties.counterparty_name,
    penalties.counterparty_kind,
    penalties.uscc,
    penalties.entity_id,
    penalties.violation_kind,
    {{ without_person_numbers('penalties.violation_fact') }} as violation_fact,
    penalties.legal_basis,
    penalties.penalty_kind,
    {{ without_person_numbers('penalties.content') }} as content,
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
