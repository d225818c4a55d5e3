-- Per person the newest residence permit valid at the business date, and the newest mobile number
-- of any permit. Without a valid permit there is no place of residence: it is not guessed.
with permits as (
    select
        mentions.person_id,
        permits.*,
        permits.status = '有效'
        and (permits.valid_to is null or permits.valid_to >= {{ business_date() }}) as is_valid
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__residence_permit') }} as permits
        on mentions.record_key = permits.registration_no
    where mentions.extract = 'population/residence_permit'
),

aged as (
    select
        *,
        row_number() over (
            partition by person_id
            order by registered_date desc, updated_at desc, registration_no desc
        ) as age
    from permits
)

select
    person_id,
    bool_or(is_valid) as has_valid_permit,
    arg_min(residence_division_code, age) filter (where is_valid) as residence_division_code,
    arg_min(residence_address, age) filter (where is_valid) as residence_address,
    arg_min(origin_division_code, age)
    filter (where origin_division_code is not null) as origin_division_code,
    arg_min(mobile, age) filter (where mobile is not null) as mobile
from aged
group by person_id
