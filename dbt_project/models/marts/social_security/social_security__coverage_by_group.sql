-- Of the administrative residents (常住, not 户籍) of the age that an insurance is for, how many are
-- enrolled: by county, month, insurance, sex and age band, for the twelve months up to the night's.
-- Residents are those of today who had been born and were alive at the end of the month.
with months as (
    select cast(unnest(generate_series(
        date_trunc('month', {{ business_date() }}) - interval 11 month,
        date_trunc('month', {{ business_date() }}), interval 1 month
    )) as date) as month
),

residents as (
    select
        person_id,
        coalesce(residence_county_code, registered_county_code) as division_code,
        coalesce(sex_code, '0') as sex_code,
        birth_date,
        death_date
    from {{ ref('population__person') }}
    where
        is_administrative_resident
        and birth_date is not null
        and (not is_deceased or death_date is not null)
        and coalesce(residence_county_code, registered_county_code) is not null
),

aged as (
    select
        residents.*,
        months.month,
        date_sub('year', residents.birth_date, last_day(months.month)) as age
    from residents
    cross join months
    where
        residents.birth_date <= last_day(months.month)
        and (residents.death_date is null or residents.death_date > last_day(months.month))
),

enrolled as (
    select distinct
        enrolments.person_id,
        enrolments.insurance_type_code,
        months.month
    from {{ ref('social_security__enrolment') }} as enrolments
    inner join months
        on
            enrolments.start_month <= months.month
            and (enrolments.end_month is null or enrolments.end_month >= months.month)
    where
        enrolments.person_id is not null
        and (enrolments.enrolment_status_code = '1' or enrolments.end_month is not null)
)

select
    aged.division_code,
    aged.month,
    types.code as insurance_type_code,
    aged.sex_code,
    bands.code as age_band,
    count(*) as residents_of_age,
    count(enrolled.person_id) as enrolled,
    cast(count(enrolled.person_id) * 1.0 / count(*) as decimal(7, 6)) as coverage_rate
from aged
inner join {{ ref('insurance_type') }} as types
    on
        types.is_current = 'Y'
        and aged.age >= types.insures_from_age
        and (types.insures_to_age is null or aged.age <= types.insures_to_age)
inner join {{ ref('age_band') }} as bands
    on aged.age >= bands.age_from and (bands.age_to is null or aged.age <= bands.age_to)
left join enrolled
    on
        aged.person_id = enrolled.person_id
        and types.code = enrolled.insurance_type_code
        and aged.month = enrolled.month
group by aged.division_code, aged.month, types.code, aged.sex_code, bands.code
