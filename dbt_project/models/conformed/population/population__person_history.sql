-- One row per person and period of unchanged values: what is true in the world by what is known today.
-- The current row says what population.person says.
{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
{% set periods %}(
    select * from {{ ref('int_population__period_statements') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'subject_id') }}
) as statements{% endset %}
with histories as (
    {{ history_periods(
        'population',
        periods,
        fallbacks={
            'sex_code': sex_of_number('subjects.resident_id'),
            'birth_date': birth_date_of_number('subjects.resident_id'),
        },
        subjects='(select person_id as subject_id, resident_id from '
        ~ ref('int_population__identify_persons') ~ ')'
    ) }}
)

select
    subject_id as person_id,
    valid_from,
    valid_to,
    is_current,
    name,
    sex_code,
    ethnic_code,
    birth_date,
    birthplace_division_code,
    registered_division_code,
    registered_address,
    registration_status,
    residence_division_code,
    residence_address,
    coalesce(registration_status = '正常', false) as is_registered,
    coalesce(registration_status = '正常', false)
    or residence_address is not null as is_administrative_resident,
    marital_status_code,
    education_code,
    mobile,
    coalesce(is_deceased, false) as is_deceased,
    death_date
from histories
