-- Every current record that says a person is dead. Certificates and cremations come before the
-- police cancellation, whose date is that of the cancellation and only stands in for a date of
-- death. Records that are only likely the person's are numbered apart.
with certificates as (
    select
        'population/death_certificate' as extract,
        certificate_no as record_key,
        1 as source_rank,
        death_date
    from {{ ref('stg_population__death_certificate') }}
    where certificate_status is distinct from '作废'
),

cremations as (
    select
        'population/cremation' as extract,
        cremation_no as record_key,
        2 as source_rank,
        death_date
    from {{ ref('stg_population__cremation') }}
),

cancellations as (
    select
        'population/household_registration' as extract,
        person_no as record_key,
        3 as source_rank,
        status_date as death_date
    from {{ ref('stg_population__household_registration') }}
    where registration_status = '死亡注销'
),

records as (
    select * from certificates
    union all
    select * from cremations
    union all
    select * from cancellations
)

select
    mentions.person_id,
    records.extract,
    records.record_key,
    records.source_rank,
    records.death_date,
    mentions.provider,
    mentions.business_date,
    mentions.is_certain,
    row_number() over (
        partition by mentions.person_id, mentions.is_certain
        order by
            records.source_rank = 3,
            records.death_date nulls last,
            records.source_rank,
            records.record_key
    ) as death_rank
from records
inner join {{ ref('int_population__rank_mentions') }} as mentions
    on records.extract = mentions.extract and records.record_key = mentions.record_key
