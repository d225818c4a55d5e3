-- Of the administrative residents (常住, not 户籍) of the age that an insurance is for, how many are
-- enrolled: by county, month, insurance, sex and age band, for the twelve months up to the night's.
-- How each person stood at the end of each month is his history's. A registration does not say since
-- when it holds, so before the first one a person stands as in it; a residence permit does.
with months as (
    select cast(unnest(generate_series(
        date_trunc('month', {{ business_date() }}) - interval 11 month,
        date_trunc('month', {{ business_date() }}), interval 1 month
    )) as date) as month
),

periods as (
    select
        *,
        is_registered and valid_from = min(valid_from) over (partition by person_id) as began_before,
        coalesce(
            substr(residence_division_code, 1, 6), substr(registered_division_code, 1, 6)
        ) as division_code
    from {{ ref('population__person_history') }}
),

aged as (
    select
        periods.person_id,
        periods.division_code,
        months.month,
        coalesce(periods.sex_code, '0') as sex_code,
        date_sub('year', periods.birth_date, last_day(months.month)) as age
    from periods
    inner join months
        on
            (periods.began_before or periods.valid_from <= last_day(months.month))
            and (periods.valid_to is null or periods.valid_to > last_day(months.month))
    where
        periods.is_administrative_resident
        and periods.birth_date <= last_day(months.month)
        and (not periods.is_deceased or periods.death_date > last_day(months.month))
        and periods.division_code is not null
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
