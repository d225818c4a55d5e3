-- Marital status: the newest event of civil affairs, then the household registration. Widowhood is
-- registered by nobody at civil affairs, so a household row that says 丧偶 (30) and is not older
-- than the marriage stands against it.
with events as (
    select
        mentions.person_id,
        marriages.registered_date,
        case
            when marriages.registration_type in ('结婚', '补领结婚证') then '20'
            when marriages.registration_type in ('离婚', '补领离婚证') then '40'
        end as marital_status_code
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__marriage_registration') }} as marriages
        on mentions.record_key = marriages.registration_no
    where mentions.extract = 'population/marriage_registration'
    qualify
        row_number() over (
            partition by mentions.person_id
            order by
                marriages.registered_date desc,
                marriages.business_date desc,
                marriages.registration_no desc
        ) = 1
),

registrations as (
    select * from {{ ref('int_population__choose_registration') }}
)

select
    coalesce(events.person_id, registrations.person_id) as person_id,
    case
        when
            events.marital_status_code = '20'
            and registrations.marital_status_code = '30'
            and cast(registrations.updated_at as date) >= events.registered_date
            then '30'
        else coalesce(events.marital_status_code, registrations.marital_status_code)
    end as marital_status_code
from events
full outer join registrations on events.person_id = registrations.person_id
