-- R-POP-01: dead in one record, active in another. R-POP-09: certificates with other dates of death.
-- A record that is only likely the person's is neither asked about nor held against another.
with deaths as (
    select * from {{ ref('int_population__list_deaths') }}
    where is_certain
),

first_deaths as (
    select * from deaths
    where death_rank = 1
),

still_registered as (
    select
        mentions.person_id,
        mentions.provider,
        mentions.extract,
        mentions.record_key,
        'registration_status' as attribute,
        registrations.registration_status as value_seen,
        mentions.business_date,
        cast(null as date) as active_until
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__household_registration') }} as registrations
        on mentions.record_key = registrations.person_no
    where
        mentions.extract = 'population/household_registration'
        and mentions.is_certain
        and registrations.registration_status = '正常'
),

still_permitted as (
    select
        mentions.person_id,
        mentions.provider,
        mentions.extract,
        mentions.record_key,
        'status' as attribute,
        permits.status || '，至 ' || coalesce(cast(permits.valid_to as varchar), '长期') as value_seen,
        mentions.business_date,
        permits.valid_to as active_until
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__residence_permit') }} as permits
        on mentions.record_key = permits.registration_no
    where
        mentions.extract = 'population/residence_permit'
        and mentions.is_certain
        and permits.status = '有效'
),

active as (
    select * from still_registered
    union all
    select * from still_permitted
),

active_after_death as (
    select
        'R-POP-01' as rule_id,
        active.person_id,
        active.provider,
        active.extract,
        active.record_key,
        active.attribute,
        active.value_seen,
        '死亡日期 ' || coalesce(cast(first_deaths.death_date as varchar), '不详') as evidence,
        active.business_date,
        {{ counterpart('first_deaths') }}
    from active
    inner join first_deaths on active.person_id = first_deaths.person_id
    -- a permit that ran out before the death says nothing against it; without a date of death the
    -- business date is the latest day it can have been
    where
        active.active_until is null
        or active.active_until > coalesce(first_deaths.death_date, {{ business_date() }})
),

references_of_date as (
    select *
    from deaths
    where source_rank < 3 and death_date is not null
    qualify
        row_number() over (
            partition by person_id order by source_rank, death_date, record_key
        ) = 1
),

other_dates as (
    select
        'R-POP-09' as rule_id,
        deaths.person_id,
        deaths.provider,
        deaths.extract,
        deaths.record_key,
        'death_date' as attribute,
        cast(deaths.death_date as varchar) as value_seen,
        '死亡日期 ' || cast(believed.death_date as varchar) as evidence,
        deaths.business_date,
        {{ counterpart('believed') }}
    from deaths
    inner join references_of_date as believed on deaths.person_id = believed.person_id
    where deaths.source_rank < 3 and deaths.death_date <> believed.death_date
),

objections as (
    select * from active_after_death
    union all by name
    select * from other_dates
)

select
    {{ objection_columns('person_id') }}
from objections
