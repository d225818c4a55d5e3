-- One row per person whom a current record mentions. Each value is the chosen candidate of
-- population.person_attribute (一数一源); what is computed here is computed from chosen values.
with chosen as (
    select * from {{ ref('int_population__choose_values') }}
),

identified as (
    select * from {{ ref('int_population__identify_persons') }}
),

mentioned as (
    select
        person_id,
        max(updated_at) as updated_at
    from {{ ref('int_population__rank_mentions') }}
    group by person_id
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
)

select
    mentioned.person_id,
    identified.resident_id,
    chosen.name,
    chosen.sex_code,
    chosen.ethnic_code,
    chosen.birth_date,
    chosen.birthplace_division_code,
    chosen.registered_division_code,
    substr(chosen.registered_division_code, 1, 6) as registered_county_code,
    coalesce(
        managed.reporting_unit, substr(chosen.registered_division_code, 1, 6)
    ) as registered_reporting_unit_code,
    chosen.registered_address,
    chosen.registration_status,
    chosen.residence_division_code,
    substr(chosen.residence_division_code, 1, 6) as residence_county_code,
    chosen.residence_address,
    places.longitude,
    places.latitude,
    places.match_level as address_match_level,
    coalesce(chosen.registration_status = '正常', false) as is_registered,
    coalesce(chosen.registration_status = '正常', false)
    or chosen.residence_address is not null as is_administrative_resident,
    chosen.marital_status_code,
    chosen.education_code,
    chosen.mobile,
    coalesce(chosen.is_deceased, false) as is_deceased,
    chosen.death_date,
    identified.first_seen_date,
    mentioned.updated_at
from mentioned
inner join identified on mentioned.person_id = identified.person_id
left join chosen on mentioned.person_id = chosen.person_id
left join places on mentioned.person_id = places.person_id
left join managed on substr(chosen.registered_division_code, 1, 9) = managed.code
