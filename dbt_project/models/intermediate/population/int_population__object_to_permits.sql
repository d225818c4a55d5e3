-- R-POP-16: a residence permit in force for the township where the person's household is registered
-- (or the village, where the permit says that much).
with registrations as (
    select
        mentions.person_id,
        mentions.extract,
        mentions.record_key,
        mentions.business_date,
        registrations.registered_division_code
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__household_registration') }} as registrations
        on mentions.record_key = registrations.person_no
    where
        mentions.extract = 'population/household_registration'
        and mentions.is_certain
        and registrations.registration_status = '正常'
    qualify row_number() over (partition by mentions.person_id order by mentions.mention_rank) = 1
),

objections as (
    select
        'R-POP-16' as rule_id,
        mentions.person_id,
        mentions.provider,
        mentions.extract,
        mentions.record_key,
        'residence_division_code' as attribute,
        permits.residence_division_code as value_seen,
        '户籍地 ' || registrations.registered_division_code as evidence,
        mentions.business_date,
        {{ counterpart('registrations') }}
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__residence_permit') }} as permits
        on mentions.record_key = permits.registration_no
    inner join registrations on mentions.person_id = registrations.person_id
    where
        mentions.extract = 'population/residence_permit'
        and mentions.is_certain
        and permits.status = '有效'
        and coalesce(permits.valid_to >= {{ business_date() }}, true)
        and length(permits.residence_division_code) >= 9
        and starts_with(registrations.registered_division_code, permits.residence_division_code)
)

select
    {{ objection_columns('person_id') }}
from objections
