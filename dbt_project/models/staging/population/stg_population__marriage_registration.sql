{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/marriage_registration|' || registration_no"
) }}
with source as (
    {{ stage_append(
        source('raw', 'population__marriage_registration'), ['registration_no'],
        touched_key('population/marriage_registration', 'registration_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        registration_no,
        husband_resident_id,
        wife_resident_id,
        ---------- dates and times
        registered_date,
        ---------- texts
        registration_type,
        husband_name,
        husband_id_type,
        wife_name,
        wife_id_type,
        registry_name,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_corrected
    from source
)

select * from renamed
