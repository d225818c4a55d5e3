-- One row per person whom a current record mentions with a valid resident number. Each value comes
-- from the first source, in a fixed order, that has one (一数一源).
{%- set registered_division
    = 'coalesce(registrations.registered_division_code, permits.origin_division_code)' %}

with mentions as (
    select * from {{ ref('int_population__rank_mentions') }}
),

identified as (
    select * from {{ ref('int_population__identify_persons') }}
),

stated as (
    select
        person_id,
        arg_min(name, mention_rank) filter (where name is not null) as name,
        arg_min(sex_code, mention_rank) filter (where sex_code is not null) as sex_code,
        arg_min(ethnic_code, mention_rank) filter (where ethnic_code is not null) as ethnic_code,
        arg_min(birth_date, mention_rank) filter (where birth_date is not null) as birth_date,
        max(updated_at) as updated_at
    from mentions
    group by person_id
),

registrations as (
    select * from {{ ref('int_population__choose_registration') }}
),

permits as (
    select * from {{ ref('int_population__choose_permit') }}
),

places as (
    select
        addresses.person_id,
        matches.longitude,
        matches.latitude,
        matches.match_level
    from {{ ref('int_population__choose_address') }} as addresses
    inner join {{ ref('int_geospatial__match_addresses') }} as matches
        on {{ same_address('addresses', 'matches') }}
),

managed as (
    {{ managed_townships() }}
),

marital_statuses as (
    select * from {{ ref('int_population__choose_marital_status') }}
),

deaths as (
    select
        person_id,
        death_date
    from {{ ref('int_population__list_deaths') }}
    -- rank 1 is the earliest dated certificate; one without a date still lets the police date stand
    qualify row_number() over (partition by person_id order by death_date is null, death_rank) = 1
)

select
    stated.person_id,
    identified.resident_id,
    stated.name,
    coalesce(stated.sex_code, {{ sex_of_number('identified.resident_id') }}) as sex_code,
    stated.ethnic_code,
    coalesce(
        stated.birth_date, {{ birth_date_of_number('identified.resident_id') }}
    ) as birth_date,
    registrations.birthplace_division_code,
    {{ registered_division }} as registered_division_code,
    substr({{ registered_division }}, 1, 6) as registered_county_code,
    coalesce(
        managed.reporting_unit, substr({{ registered_division }}, 1, 6)
    ) as registered_reporting_unit_code,
    registrations.registered_address,
    registrations.registration_status,
    permits.residence_division_code,
    substr(permits.residence_division_code, 1, 6) as residence_county_code,
    permits.residence_address,
    places.longitude,
    places.latitude,
    places.match_level as address_match_level,
    coalesce(registrations.registration_status = '正常', false) as is_registered,
    coalesce(registrations.registration_status = '正常', false)
    or coalesce(permits.has_valid_permit, false) as is_administrative_resident,
    marital_statuses.marital_status_code,
    registrations.education_code,
    permits.mobile,
    deaths.person_id is not null as is_deceased,
    deaths.death_date,
    identified.first_seen_date,
    stated.updated_at
from stated
inner join identified on stated.person_id = identified.person_id
left join registrations on stated.person_id = registrations.person_id
left join permits on stated.person_id = permits.person_id
left join marital_statuses on stated.person_id = marital_statuses.person_id
left join deaths on stated.person_id = deaths.person_id
left join places on stated.person_id = places.person_id
left join managed on substr({{ registered_division }}, 1, 9) = managed.code
