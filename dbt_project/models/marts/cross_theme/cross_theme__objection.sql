-- Contradictions that no theme sees alone. R-XT-01: an employer that still pays for its people after
-- the register closed it. R-XT-02: a polluter that is measured after it was closed. R-XT-03: a
-- polluter that no register knows. One for each employer and each polluter.
with closed as (
    select
        entities.entity_id,
        entities.closed_date,
        proofs.extract as counterpart_extract,
        proofs.record_key as counterpart_record_key,
        proofs.business_date as counterpart_date
    from {{ ref('legal_entity__legal_entity') }} as entities
    inner join {{ ref('legal_entity__legal_entity_attribute') }} as proofs
        on
            entities.entity_id = proofs.entity_id
            and proofs.attribute = 'registration_status_code'
            and proofs.is_chosen
    -- 注销, 撤销: what is 吊销 goes on as a legal subject
    where entities.registration_status_code in ('3', '5') and entities.closed_date is not null
),

paying as (
    select
        employers.employer_no,
        employers.entity_id,
        employers.provider,
        closed.closed_date,
        closed.counterpart_extract,
        closed.counterpart_record_key,
        closed.counterpart_date,
        max(contributions.month) as last_month,
        greatest(max(employers.business_date), min(contributions.first_told_date)) as business_date
    from {{ ref('social_security__employer') }} as employers
    inner join closed on employers.entity_id = closed.entity_id
    inner join {{ ref('social_security__contribution_by_employer') }} as contributions
        on employers.employer_no = contributions.employer_no
    where employers.employer_status = '参保' and contributions.month > closed.closed_date
    group by all
),

-- business_date: of the delivery that first told what contradicts the register
polluters as (
    select
        monitored.uscc,
        monitored.entity_id,
        monitored.provider,
        monitored.link_status,
        closed.closed_date,
        closed.counterpart_extract,
        closed.counterpart_record_key,
        closed.counterpart_date,
        max(monitored.observed_date) as last_date,
        min(monitored.business_date) filter (
            where closed.closed_date is null or monitored.observed_date > closed.closed_date
        ) as business_date
    from {{ ref('environment__emission_monitoring') }} as monitored
    left join closed on monitored.entity_id = closed.entity_id
    group by all
),

contradictions as (
    select
        'R-XT-01' as rule_id,
        entity_id,
        provider,
        'social_security/employer' as extract,
        employer_no as record_key,
        'employer_status' as attribute,
        '参保，缴费至 ' || strftime(last_month, '%Y-%m') as value_seen,
        '注销日期 ' || cast(closed_date as varchar) as evidence,
        business_date,
        counterpart_extract,
        counterpart_record_key,
        counterpart_date
    from paying
    union all by name
    select
        'R-XT-02' as rule_id,
        entity_id,
        provider,
        'environment/emission_monitoring' as extract,
        uscc as record_key,
        'uscc' as attribute,
        '监测至 ' || cast(last_date as varchar) as value_seen,
        '注销日期 ' || cast(closed_date as varchar) as evidence,
        business_date,
        counterpart_extract,
        counterpart_record_key,
        counterpart_date
    from polluters
    where last_date > closed_date
    union all by name
    select
        'R-XT-03' as rule_id,
        entity_id,
        provider,
        'environment/emission_monitoring' as extract,
        uscc as record_key,
        'uscc' as attribute,
        uscc as value_seen,
        link_status as evidence,
        business_date,
        'environment/emission_monitoring' as counterpart_extract,
        uscc as counterpart_record_key,
        business_date as counterpart_date
    from polluters
    where entity_id is null
),

objections as (
    select
        {{ objection_columns('entity_id') }}
    from contradictions
)

{{ select_objections('entity_id') }}
