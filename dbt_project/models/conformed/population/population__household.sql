-- One row per household with a registered member. The head speaks for address and kind, else the
-- member whose row is newest.
with members as (
    select
        registrations.*,
        links.person_id,
        -- GB/T 4761: 02 户主, in the one-digit form 0, and 01 本人 where 户主 is written so
        case registrations.household_relation_code
            when '02' then 1
            when '0' then 2
            when '01' then 3
        end as head_rank
    from {{ ref('stg_population__household_registration') }} as registrations
    inner join {{ ref('int_population__rank_mentions') }} as links
        on
            links.extract = 'population/household_registration'
            and registrations.person_no = links.record_key
    where registrations.registration_status = '正常'
),

ranked as (
    select
        *,
        row_number() over (
            partition by household_no
            order by head_rank asc nulls last, updated_at desc, person_no asc
        ) as speaker
    from members
)

select
    household_no,
    arg_min(household_type, speaker) filter (where household_type is not null) as household_type,
    arg_min(registered_address, speaker) as registered_address,
    arg_min(registered_division_code, speaker) as registered_division_code,
    substr(arg_min(registered_division_code, speaker), 1, 6) as registered_county_code,
    arg_min(person_id, speaker) filter (where head_rank is not null) as head_person_id,
    cast(count(distinct person_id) as integer) as member_count,
    max(updated_at) as updated_at
from ranked
group by household_no
