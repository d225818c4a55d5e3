-- R-LIC-04: in force while its holder is dead. R-LIC-05: in force while its holder is closed or
-- revoked. Only the current version of a licence is asked about, and not certificates of facts
-- (birth, marriage), which outlive their holders. What is only likely of the holder does not count.
with active as (
    select
        licences.licence_identifier,
        licences.valid_to,
        licences.provider,
        licences.business_date,
        holders.person_id,
        holders.entity_id
    from {{ ref('int_e_licence__list_licences') }} as licences
    inner join {{ ref('int_e_licence__link_versions') }} as versions
        on licences.licence_identifier = versions.licence_identifier
    inner join {{ ref('int_e_licence__link_holders') }} as holders
        on licences.licence_identifier = holders.licence_identifier
    where
        licences.is_in_force
        and versions.is_current_version
        and coalesce(licences.ends_with_holder, true)
),

deaths as (
    select * from {{ ref('int_population__list_deaths') }}
    where is_certain and death_rank = 1
),

statuses as (
    select * from {{ ref('int_legal_entity__rank_records') }}
    where is_certain and registration_status_code is not null
    qualify row_number() over (partition by entity_id order by record_rank) = 1
),

endings as (
    select
        'R-LIC-04' as rule_id,
        active.*,
        '死亡日期 ' || coalesce(cast(deaths.death_date as varchar), '不详') as evidence,
        deaths.business_date as counterpart_date,
        deaths.extract as counterpart_extract,
        deaths.record_key as counterpart_record_key
    from active
    inner join deaths on active.person_id = deaths.person_id
    union all by name
    select
        'R-LIC-05' as rule_id,
        active.*,
        '登记状态 ' || statuses.registration_status_code as evidence,
        statuses.business_date as counterpart_date,
        statuses.extract as counterpart_extract,
        statuses.record_key as counterpart_record_key
    from active
    inner join statuses on active.entity_id = statuses.entity_id
    -- 吊销, 注销, 撤销
    where statuses.registration_status_code in ('2', '3', '5')
)

select
    rule_id,
    provider,
    'e_licence/licence' as extract,
    licence_identifier as record_key,
    'status_code' as attribute,
    '有效，至 ' || coalesce(cast(valid_to as varchar), '长期') as value_seen,
    evidence,
    greatest(business_date, counterpart_date) as opened_date,
    counterpart_extract,
    counterpart_record_key,
    person_id,
    entity_id
from endings
-- one holder named twice is one disagreement
qualify
    row_number() over (
        partition by rule_id, licence_identifier, counterpart_extract, counterpart_record_key
        order by person_id, entity_id
    ) = 1
