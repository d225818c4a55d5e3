{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- The household registration that speaks for a person: 正常 first, then the newest, then by number.
with chosen as (
    select
        person_id,
        record_key
    from {{ ref('int_population__rank_mentions') }}
    where
        extract = 'population/household_registration'
        and {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
    qualify row_number() over (partition by person_id order by mention_rank) = 1
),

registrations as (
    select * from {{ ref('stg_population__household_registration') }}
)

select
    chosen.person_id,
    registrations.former_name,
    registrations.birthplace_division_code,
    registrations.registered_division_code,
    registrations.registered_address,
    registrations.registration_status,
    registrations.marital_status_code,
    registrations.education_code,
    registrations.updated_at
from chosen
inner join registrations on chosen.record_key = registrations.person_no
