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
    where operation <> 'D'
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
    where operation <> 'D'
),

certificates as (
    {% for extract, number, id_type in [
        ('marriage_registration', 'husband_resident_id', 'husband_id_type'),
        ('marriage_registration', 'wife_resident_id', 'wife_id_type'),
        ('death_certificate', 'resident_id', none),
        ('cremation', 'resident_id', 'id_type'),
        ('birth_certificate', 'mother_resident_id', 'mother_id_type'),
        ('birth_certificate', 'father_resident_id', 'father_id_type'),
    ] %}
        select
            'population/{{ extract }}' as extract,
            {{ resident_number(number, id_type) }} as resident_id,
            {{ number_of_15(number, 'as_given', number) }} as resident_id_15,
            business_date
        from {{ source('raw', 'population__' ~ extract) }}
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
