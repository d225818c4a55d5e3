-- R-POP-13: dead before birth. R-POP-14: the certificate's date of death is after the cremation.
-- R-POP-15: cremated, and no certificate has come within the days that are allowed: not even one that is
-- only likely the person's.
with deaths as (
    select * from {{ ref('int_population__list_deaths') }}
    where is_certain and source_rank < 3
),

-- of a person with two numbers both have to be later
births as (
    select
        person_id,
        min({{ birth_date_of_number('resident_id') }}) as birth_date
    from {{ ref('int_population__rank_mentions') }}
    where is_certain
    group by person_id
),

cremations as (
    select
        deaths.*,
        cremations.cremated_date
    from deaths
    inner join {{ ref('stg_population__cremation') }} as cremations
        on deaths.record_key = cremations.cremation_no
    where deaths.extract = 'population/cremation' and cremations.cremated_date is not null
),

first_cremations as (
    select * from cremations
    qualify row_number() over (partition by person_id order by cremated_date, record_key) = 1
),

certificates as (
    select * from deaths
    where extract = 'population/death_certificate'
),

every_certificate as (
    select person_id from {{ ref('int_population__list_deaths') }}
    where extract = 'population/death_certificate'
),

objections as (
    select
        'R-POP-13' as rule_id,
        deaths.*,
        'death_date' as attribute,
        cast(deaths.death_date as varchar) as value_seen,
        '公民身份号码所示出生日期 ' || births.birth_date as evidence,
        {{ counterpart('deaths') }}
    from deaths
    inner join births on deaths.person_id = births.person_id
    where deaths.death_date < births.birth_date
    union all by name
    select
        'R-POP-14' as rule_id,
        certificates.*,
        'death_date' as attribute,
        cast(certificates.death_date as varchar) as value_seen,
        '火化日期 ' || first_cremations.cremated_date as evidence,
        {{ counterpart('first_cremations') }}
    from certificates
    inner join first_cremations on certificates.person_id = first_cremations.person_id
    where certificates.death_date > first_cremations.cremated_date
    union all by name
    select
        'R-POP-15' as rule_id,
        first_cremations.*,
        'cremated_date' as attribute,
        cast(first_cremations.cremated_date as varchar) as value_seen,
        '火化后 {{ var("certificate_days") }} 天内没有死亡医学证明' as evidence,
        first_cremations.cremated_date + {{ var('certificate_days') }} + 1 as counterpart_date,
        first_cremations.extract as counterpart_extract,
        first_cremations.record_key as counterpart_record_key
    from first_cremations
    anti join every_certificate on first_cremations.person_id = every_certificate.person_id
    where first_cremations.cremated_date + {{ var('certificate_days') }} < {{ business_date() }}
)

select
    {{ objection_columns('person_id') }}
from objections
