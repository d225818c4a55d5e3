{{ config(
    materialized='touched', of='int_population__touch_records', column='resident_id',
    key='resident_id'
) }}
-- Every identifier ever seen beside a resident number, over all accepted rows of active deliveries
-- and not only the current state: ids hang on what was seen first, so what a later row replaced
-- must still count. This is why the model reads the raw rows itself.
with registrations as (
    select
        'population/household_registration' as extract,
        {{ resident_number('resident_id') }} as resident_id,
        {{ number_of_15('resident_id', 'as_given', 'resident_id') }} as resident_id_15,
        person_no,
        business_date,
        updated_at
    from {{ source('raw', 'population__household_registration') }}
    where operation <> 'D' and {{ reached_key('population/household_registration', 'person_no') }}
),

permits as (
    select
        'population/residence_permit' as extract,
        {{ resident_number('resident_id') }} as resident_id,
        {{ number_of_15('resident_id', 'as_given', 'resident_id') }} as resident_id_15,
        registration_no,
        permit_no,
        business_date,
        updated_at
    from {{ source('raw', 'population__residence_permit') }}
    where operation <> 'D' and {{ reached_key('population/residence_permit', 'registration_no') }}
),

certificates as (
    {% for told in person_roles() if told.get('number') and not told.get('operations') %}
        select
            '{{ told.extract }}' as extract,
            {{ resident_number(told.number, told.get('id_type')) }} as resident_id,
            {{ number_of_15(told.number, 'as_given', told.number) }} as resident_id_15,
            business_date
        from {{ source('raw', told.extract | replace('/', '__')) }}
        where {{ reached_key(told.extract, told.key) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

sightings as (
    select * from registrations
    union all by name
    select * from permits
    union all by name
    select * from certificates
),

by_kind as (
    {% for kind in ['resident_id', 'resident_id_15', 'person_no', 'registration_no', 'permit_no'] %}
        select
            '{{ kind }}' as identifier_kind,
            {{ kind }} as identifier_value,
            extract,
            resident_id,
            business_date,
            coalesce(updated_at, cast(business_date as timestamp)) as updated_at
        from sightings
        where resident_id is not null and {{ kind }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    identifier_kind,
    identifier_value,
    extract,
    resident_id,
    min(business_date) as first_seen_date,
    max(business_date) as last_seen_date,
    max(updated_at) as last_updated_at
from by_kind
group by identifier_kind, identifier_value, extract, resident_id
