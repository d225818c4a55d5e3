{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/household_registration|' || person_no"
) }}
with source as (
    {{ stage_incremental(
        source('raw', 'population__household_registration'), ['person_no'],
        touched_key('population/household_registration', 'person_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        person_no,
        resident_id,
        household_no,
        ---------- dates and times
        birth_date,
        status_date,
        updated_at,
        ---------- codes and numbers
        sex_code,
        ethnic_code,
        birthplace_division_code,
        household_relation_code,
        registered_division_code,
        marital_status_code,
        education_code,
        ---------- texts
        name,
        former_name,
        household_type,
        registered_address,
        employer_name,
        registration_status,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given
    from source
)

select * from renamed
