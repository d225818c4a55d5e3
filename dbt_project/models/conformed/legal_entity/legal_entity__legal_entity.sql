-- One row per entity that a current record is of, closed and revoked ones included. Each value comes
-- from the first source, in a fixed order, that has one (一数一源).
with records as (
    select * from {{ ref('int_legal_entity__rank_records') }}
),

chosen as (
    select
        entity_id,
        {% for column in [
            'uscc', 'organisation_code', 'registration_no', 'name', 'entity_kind',
            'entity_type_code', 'is_legal_person', 'legal_representative_name',
            'registered_capital_cny', 'industry_code',
            'registration_status_code', 'established_date', 'taxpayer_status', 'tax_credit_rating',
        ] %}
            arg_min({{ column }}, record_rank)
            filter (where {{ column }} is not null) as {{ column }},
        {% endfor %}
        -- the number goes with the name: never one record's name with another's number
        arg_min(coalesce(legal_representative_number, ''), record_rank)
        filter (where legal_representative_name is not null) as legal_representative_number,
        min(subject_seen_date) as first_seen_date,
        max(updated_at) as updated_at
    from records
    group by entity_id
),

authorities as (
    select * from records
    where record_rank = 1
),

places as (
    select * from {{ ref('int_legal_entity__choose_address') }}
),

matches as (
    select * from {{ ref('int_geospatial__match_addresses') }}
),

industries as (
    select
        code,
        section
    from {{ ref('industry') }}
)

select
    chosen.entity_id,
    chosen.uscc,
    chosen.organisation_code,
    chosen.registration_no,
    chosen.name,
    chosen.entity_kind,
    chosen.entity_type_code,
    chosen.is_legal_person,
    chosen.legal_representative_name,
    keyed_id(
        'person', 'resident_id:' || nullif(chosen.legal_representative_number, '')
    ) as legal_representative_person_id,
    chosen.registered_capital_cny,
    chosen.industry_code,
    industries.section as industry_section,
    places.address,
    places.division_code,
    substr(places.division_code, 1, 6) as county_code,
    matches.longitude,
    matches.latitude,
    matches.match_level as address_match_level,
    chosen.registration_status_code,
    chosen.established_date,
    authorities.closed_date,
    chosen.taxpayer_status,
    chosen.tax_credit_rating,
    authorities.extract as authority_extract,
    authorities.is_listed,
    authorities.is_stale,
    chosen.first_seen_date,
    chosen.updated_at
from chosen
inner join authorities on chosen.entity_id = authorities.entity_id
inner join places on chosen.entity_id = places.entity_id
left join matches on {{ same_address('places', 'matches') }}
left join industries on chosen.industry_code = industries.code
