-- Everything the city knows of an entity's credit, one row each, with where it stands: the figures of
-- credit.entity_credit_profile are counts and sums of these rows.
with holders as (
    select distinct
        licence_identifier,
        entity_id
    from {{ ref('e_licence__licence_holder') }}
),

items as (
    select
        entity_id,
        '行政许可' as item_kind,
        'credit.administrative_permit' as source_product,
        record_id as source_key,
        1 as source_no,
        decision_date as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        cast(null as varchar) as item_value,
        not is_withdrawn and (valid_to is null or valid_to >= {{ business_date() }}) as is_current
    from {{ ref('credit__administrative_permit') }}
    where not is_withdrawn
    union all
    select
        entity_id,
        '行政处罚' as item_kind,
        'credit.administrative_penalty' as source_product,
        record_id as source_key,
        1 as source_no,
        decision_date as item_date,
        fine_cny as amount_cny,
        penalty_kind as item_value,
        publicity_until_date is null or publicity_until_date >= {{ business_date() }} as is_current
    from {{ ref('credit__administrative_penalty') }}
    where not is_withdrawn
    union all
    select
        entity_id,
        '没收' as item_kind,
        'credit.administrative_penalty' as source_product,
        record_id as source_key,
        1 as source_no,
        decision_date as item_date,
        confiscated_cny as amount_cny,
        penalty_kind as item_value,
        publicity_until_date is null or publicity_until_date >= {{ business_date() }} as is_current
    from {{ ref('credit__administrative_penalty') }}
    where not is_withdrawn and confiscated_cny > 0
    union all
    select
        entity_id,
        '失信被执行人' as item_kind,
        'credit.dishonest_judgment_debtor' as source_product,
        record_id as source_key,
        listing_no as source_no,
        published_date as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        performance as item_value,
        is_listed as is_current
    from {{ ref('credit__dishonest_judgment_debtor') }}
    union all
    select
        entity_id,
        '污染源超标' as item_kind,
        'environment.emission_exceedance' as source_product,
        concat_ws('|', uscc, outlet_code, factor_code, observed_date) as source_key,
        1 as source_no,
        observed_date as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        factor_name as item_value,
        true as is_current
    from {{ ref('environment__emission_exceedance') }}
    union all
    select
        holders.entity_id,
        '证照' as item_kind,
        'e_licence.licence' as source_product,
        licences.licence_identifier as source_key,
        1 as source_no,
        licences.issued_date as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        licences.licence_name as item_value,
        coalesce(licences.is_in_force and licences.is_current_version, false) as is_current
    from {{ ref('e_licence__licence') }} as licences
    inner join holders
        on licences.licence_identifier = holders.licence_identifier
    union all
    select
        entity_id,
        '纳税信用' as item_kind,
        'legal_entity.legal_entity' as source_product,
        entity_id as source_key,
        1 as source_no,
        cast(null as date) as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        tax_credit_rating as item_value,
        true as is_current
    from {{ ref('legal_entity__legal_entity') }}
    where tax_credit_rating is not null
    union all
    select
        entity_id,
        '参保单位' as item_kind,
        'social_security.employer' as source_product,
        employer_no as source_key,
        1 as source_no,
        cast(null as date) as item_date,
        cast(null as decimal(20, 2)) as amount_cny,
        employer_status as item_value,
        employer_status = '参保' as is_current
    from {{ ref('social_security__employer') }}
    union all
    select
        entity_id,
        '社保欠费' as item_kind,
        'social_security.contribution_by_entity' as source_product,
        concat_ws('|', entity_id, month, insurance_type_code) as source_key,
        1 as source_no,
        month as item_date,
        arrears_cny as amount_cny,
        insurance_type_code as item_value,
        true as is_current
    from {{ ref('social_security__contribution_by_entity') }}
    where arrears_cny > 0
)

select items.*
from items
-- of entities of the library only; counterparties that nobody is linked to have no profile
inner join {{ ref('legal_entity__legal_entity') }} as entities on items.entity_id = entities.entity_id
