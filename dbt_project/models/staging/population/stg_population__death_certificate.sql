{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/death_certificate|' || certificate_no"
) }}
with source as (
    {{ stage_append(
        source('raw', 'population__death_certificate'), ['certificate_no'],
        touched_key('population/death_certificate', 'certificate_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        certificate_no,
        resident_id,
        ---------- dates and times
        birth_date,
        death_date,
        issued_date,
        ---------- codes and numbers
        sex_code,
        residence_division_code,
        underlying_cause_code,
        ---------- texts
        name,
        institution_name,
        certificate_status,
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
