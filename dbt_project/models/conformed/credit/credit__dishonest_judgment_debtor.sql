-- The court's list with its history: a row for each unbroken listing of a debtor in a case.
select
    debtors.record_id,
    debtors.listing_no,
    debtors.case_no,
    debtors.debtor_name,
    debtors.debtor_kind,
    parties.entity_id,
    parties.person_id,
    parties.link_status,
    parties.uscc,
    parties.organisation_code,
    debtors.legal_representative_name,
    debtors.court_name,
    debtors.basis_no,
    debtors.filed_date,
    debtors.published_date,
    debtors.performance,
    debtors.conduct,
    debtors.listed_from,
    debtors.withdrawn_date,
    debtors.is_listed,
    debtors.is_stale,
    debtors.provider,
    debtors.delivery_id,
    debtors.line
from {{ ref('int_credit__period_debtors') }} as debtors
inner join {{ ref('int_credit__link_parties') }} as parties
    on debtors.record_id || '/' || debtors.listing_no = parties.party_key
