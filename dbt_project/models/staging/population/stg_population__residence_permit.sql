{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/residence_permit|' || registration_no"
) }}
with source as (
    {{ stage_incremental(
        source('raw', 'population__residence_permit'), ['registration_no'],
        touched_key('population/residence_permit', 'registration_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        registration_no,
        permit_no,
        resident_id,
        ---------- dates and times
        registered_date,
        valid_to,
        valid_to_is_long_term,
        updated_at,
        ---------- codes and numbers
        sex_code,
        ethnic_code,
        origin_division_code,
        residence_division_code,
        ---------- texts
        name,
        residence_address,
        mobile,
        status,
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
