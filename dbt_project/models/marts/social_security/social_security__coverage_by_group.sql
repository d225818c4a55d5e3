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
),

-- counted by age before insurances and age bands are looked up: a few thousand rows, not millions
counted as (
    select
        division_code,
        month,
        sex_code,
        age,
        cast(null as varchar) as insurance_type_code,
        count(*) as residents,
        0 as enrolled
    from aged
    group by all
    union all
    select
        aged.division_code,
        aged.month,
        aged.sex_code,
        aged.age,
        enrolled.insurance_type_code,
        0 as residents,
        count(*) as enrolled
    from aged
    inner join enrolled on aged.person_id = enrolled.person_id and aged.month = enrolled.month
    group by all
),

grouped as (
    select
        counted.division_code,
        counted.month,
        types.code as insurance_type_code,
        counted.sex_code,
        bands.code as age_band,
        cast(sum(counted.residents) as bigint) as residents_of_age,
        cast(sum(counted.enrolled) as bigint) as enrolled
    from counted
    inner join {{ ref('insurance_type') }} as types
        on
            types.is_current = 'Y'
            and types.code = coalesce(counted.insurance_type_code, types.code)
            and counted.age >= types.insures_from_age
            and (types.insures_to_age is null or counted.age <= types.insures_to_age)
    inner join {{ ref('age_band') }} as bands
        on counted.age >= bands.age_from and (bands.age_to is null or counted.age <= bands.age_to)
    group by all
)

select
    *,
    cast(enrolled * 1.0 / residents_of_age as decimal(7, 6)) as coverage_rate
from grouped
