{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/birth_certificate|' || certificate_no"
) }}
with source as (
    {{ stage_append(
        source('raw', 'population__birth_certificate'), ['certificate_no'],
        touched_key('population/birth_certificate', 'certificate_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        certificate_no,
        mother_resident_id,
        father_resident_id,
        ---------- dates and times
        born_at,
        issued_date,
        ---------- codes and numbers
        sex_code,
        ---------- texts
        name,
        mother_name,
        mother_id_type,
        father_name,
        father_id_type,
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
