-- R-CRD-10, R-CRD-12: the code of a counterparty or debtor is that of an entity which never bore the
-- name. R-CRD-11: a permit decided after its holder was closed. R-CRD-13: publicity of a penalty ends
-- before its shortest period. R-CRD-15: decided after it had already been delivered.
with records as (
    select
        'credit/administrative_permit' as extract,
        record_id as party_key,
        xk_wsh as record_key,
        'xk_xdr_mc' as attribute,
        xk_jdrq as decision_date,
        'xk_jdrq' as decision_attribute,
        provider,
        business_date
    from {{ ref('int_credit__choose_permits') }}
    union all
    select
        'credit/administrative_penalty' as extract,
        record_id as party_key,
        cf_wsh as record_key,
        'cf_xdr_mc' as attribute,
        cf_jdrq as decision_date,
        'cf_jdrq' as decision_attribute,
        provider,
        business_date
    from {{ ref('int_credit__choose_penalties') }}
    union all
    select
        'credit/dishonest_judgment_debtor' as extract,
        record_id || '/' || listing_no as party_key,
        case_no as record_key,
        'debtor_name' as attribute,
        cast(null as date) as decision_date,
        cast(null as varchar) as decision_attribute,
        provider,
        business_date
    from {{ ref('int_credit__period_debtors') }}
    where is_listed
),

linked as (
    select
        records.*,
        parties.entity_id,
        parties.party_name
    from records
    inner join {{ ref('int_credit__link_parties') }} as parties
        on records.party_key = parties.party_key
    -- what is only found by a registration number is not held against anybody
    where
        parties.entity_id is not null
        and coalesce(parties.uscc, parties.organisation_code) is not null
),

registered as (
    select * from {{ ref('int_legal_entity__rank_records') }}
    where is_certain
    qualify row_number() over (partition by entity_id order by record_rank) = 1
),

-- every name that an entity bears or bore; of the self-employed also the operator's
names as (
    select
        ranked.entity_id,
        {{ comparable_entity_name('described.name') }} as name
    from {{ ref('int_legal_entity__rank_records') }} as ranked
    inner join {{ ref('int_legal_entity__describe_records') }} as described
        on ranked.extract = described.extract and ranked.record_key = described.record_key
    where described.name is not null
    union
    select
        entity_id,
        {{ comparable_entity_name('legal_representative_name') }} as name
    from {{ ref('int_legal_entity__rank_records') }}
    where legal_representative_name is not null and uscc like '92%'
),

misnamed as (
    select linked.*
    from linked
    anti join names
        on
            linked.entity_id = names.entity_id
            and {{ comparable_entity_name('linked.party_name') }} = names.name
),

closed as (
    select
        ranked.entity_id,
        ranked.extract,
        ranked.record_key,
        ranked.business_date,
        ranked.registration_status_code,
        enterprises.closed_date
    from {{ ref('int_legal_entity__rank_records') }} as ranked
    inner join {{ ref('stg_legal_entity__enterprise_registration') }} as enterprises
        on
            ranked.extract = 'legal_entity/enterprise_registration'
            and ranked.record_key = enterprises.entity_no
    where ranked.is_certain and ranked.registration_status_code is not null
    qualify row_number() over (partition by ranked.entity_id order by ranked.record_rank) = 1
    -- 吊销, 注销, 撤销
    and ranked.registration_status_code in ('2', '3', '5')
),

objections as (
    select
        if(
            misnamed.extract = 'credit/dishonest_judgment_debtor', 'R-CRD-12', 'R-CRD-10'
        ) as rule_id,
        misnamed.*,
        misnamed.party_name as value_seen,
        '法人库中为 ' || registered.name as evidence,
        {{ counterpart('registered') }}
    from misnamed
    inner join registered on misnamed.entity_id = registered.entity_id
    union all by name
    select
        'R-CRD-11' as rule_id,
        linked.* replace ('xk_jdrq' as attribute),
        cast(linked.decision_date as varchar) as value_seen,
        '登记状态 ' || closed.registration_status_code || '，' || closed.closed_date as evidence,
        {{ counterpart('closed') }}
    from linked
    inner join closed on linked.entity_id = closed.entity_id
    where
        linked.extract = 'credit/administrative_permit'
        and linked.decision_date > closed.closed_date
    union all by name
    select
        'R-CRD-13' as rule_id,
        'credit/administrative_penalty' as extract,
        penalties.record_id as party_key,
        penalties.cf_wsh as record_key,
        'cf_gsjzq' as attribute,
        penalties.provider,
        penalties.business_date,
        parties.entity_id,
        cast(penalties.cf_gsjzq as varchar) as value_seen,
        '最短公示至 ' || penalties.shortest_until_date as evidence,
        penalties.business_date as counterpart_date,
        'credit/administrative_penalty' as counterpart_extract,
        penalties.cf_wsh as counterpart_record_key
    from {{ ref('int_credit__list_penalties') }} as penalties
    inner join {{ ref('int_credit__link_parties') }} as parties
        on penalties.record_id = parties.party_key
    where penalties.cf_gsjzq < penalties.shortest_until_date
    union all by name
    select
        'R-CRD-15' as rule_id,
        records.* replace (records.decision_attribute as attribute),
        parties.entity_id,
        cast(records.decision_date as varchar) as value_seen,
        '首次报送 ' || sightings.first_reached_date as evidence,
        records.business_date as counterpart_date,
        records.extract as counterpart_extract,
        records.record_key as counterpart_record_key
    from records
    inner join {{ ref('int_credit__list_sightings') }} as sightings
        on records.party_key = sightings.record_id
    inner join {{ ref('int_credit__link_parties') }} as parties
        on records.party_key = parties.party_key
    where records.decision_date > sightings.first_reached_date
)

select
    {{ objection_columns('entity_id') }}
from objections
-- two counterparties of one document that disagree alike are one disagreement
qualify
    row_number() over (
        partition by rule_id, extract, record_key, attribute, counterpart_extract, counterpart_record_key
        order by party_key
    ) = 1
