-- The household registration that speaks for a person: 正常 first, then the newest, then by number.
with chosen as (
    select
        person_id,
        record_key,
        mention_rank
    from {{ ref('int_population__rank_mentions') }}
    where extract = 'population/household_registration'
    qualify row_number() over (partition by person_id order by mention_rank) = 1
),

registrations as (
    select * from {{ ref('stg_population__household_registration') }}
)

select
    chosen.person_id,
    registrations.*
from chosen
inner join registrations on chosen.record_key = registrations.person_no
