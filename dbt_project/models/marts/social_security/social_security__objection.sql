-- What the office's records contradict: R-POP-01 payments after death that were not recovered and
-- enrolments that go on after it, R-SOC-03 enrolments that exclude each other, R-SOC-04 employers that
-- no register knows.
with deaths as (
    select
        persons.person_id,
        persons.death_date,
        proofs.extract,
        proofs.record_key,
        proofs.business_date
    from {{ ref('population__person') }} as persons
    inner join {{ ref('population__person_attribute') }} as proofs
        on persons.person_id = proofs.person_id
    where persons.is_deceased and proofs.attribute = 'is_deceased' and proofs.is_chosen
),

-- the month of death is still insured; without a date of death nobody can say which month that was
outliving as (
    select
        enrolments.*,
        deaths.death_date,
        deaths.extract as death_extract,
        deaths.record_key as death_record_key,
        deaths.business_date as death_business_date
    from {{ ref('social_security__enrolment') }} as enrolments
    inner join deaths on enrolments.person_id = deaths.person_id
    where
        enrolments.enrolment_status_code = '1'
        and (
            enrolments.end_month is null
            or deaths.death_date is null
            or enrolments.end_month > deaths.death_date
        )
),

objections as (
    select
        'R-POP-01' as rule_id,
        provider,
        'social_security/benefit_payment' as extract,
        payment_no as record_key,
        'paid_month' as attribute,
        strftime(paid_month, '%Y-%m') as value_seen,
        '死亡日期 ' || cast(death_date as varchar) as evidence,
        greatest(business_date, coalesce(death_business_date, business_date)) as opened_date,
        coalesce(death_extract, 'social_security/benefit_payment') as counterpart_extract,
        coalesce(death_record_key, payment_no) as counterpart_record_key,
        person_id,
        cast(null as varchar) as entity_id
    from {{ ref('social_security__payment_after_death') }}
    where not is_recovered
    union all
    select
        'R-POP-01' as rule_id,
        provider,
        'social_security/insured_person' as extract,
        enrolment_no as record_key,
        'enrolment_status_code' as attribute,
        enrolment_status_code as value_seen,
        '死亡日期 ' || coalesce(cast(death_date as varchar), '不详') as evidence,
        greatest(business_date, death_business_date) as opened_date,
        death_extract as counterpart_extract,
        death_record_key as counterpart_record_key,
        person_id,
        cast(null as varchar) as entity_id
    from outliving
    union all
    select
        'R-SOC-03' as rule_id,
        provider,
        'social_security/insured_person' as extract,
        enrolment_no as record_key,
        'insurance_type_code' as attribute,
        insurance_type_code as value_seen,
        conflict_kind || '：' || other_enrolment_no as evidence,
        greatest(business_date, other_business_date) as opened_date,
        'social_security/insured_person' as counterpart_extract,
        other_enrolment_no as counterpart_record_key,
        person_id,
        cast(null as varchar) as entity_id
    from {{ ref('social_security__conflicting_enrolment') }}
    union all
    select
        'R-SOC-04' as rule_id,
        provider,
        'social_security/employer' as extract,
        employer_no as record_key,
        'uscc' as attribute,
        coalesce(uscc, organisation_code) as value_seen,
        link_status as evidence,
        business_date as opened_date,
        'social_security/employer' as counterpart_extract,
        employer_no as counterpart_record_key,
        cast(null as varchar) as person_id,
        cast(null as varchar) as entity_id
    from {{ ref('social_security__employer') }}
    where link_status <> '已关联' and employer_status <> '终止'
)

{{ select_objections('person_id, entity_id') }}
