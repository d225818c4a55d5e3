{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="'population/cremation|' || cremation_no"
) }}
with source as (
    {{ stage_append(
        source('raw', 'population__cremation'), ['cremation_no'],
        touched_key('population/cremation', 'cremation_no')
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        cremation_no,
        resident_id,
        ---------- dates and times
        death_date,
        cremated_date,
        ---------- codes and numbers
        sex_code,
        ---------- texts
        name,
        id_type,
        institution_name,
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
