-- One row per entity that a current record is of, closed and revoked ones included. Each value is the
-- chosen candidate of legal_entity.legal_entity_attribute (一数一源).
with records as (
    select * from {{ ref('int_legal_entity__rank_records') }}
),

chosen as (
    select * from {{ ref('int_legal_entity__choose_values') }}
),

seen as (
    select
        entity_id,
        min(subject_seen_date) as first_seen_date,
        max(updated_at) as updated_at
    from records
    group by entity_id
),

authorities as (
    select * from records
    where record_rank = 1
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
    seen.entity_id,
    chosen.uscc,
    chosen.organisation_code,
    chosen.registration_no,
    chosen.name,
    chosen.entity_kind,
    chosen.entity_type_code,
    chosen.is_legal_person,
    chosen.legal_representative_name,
    chosen.legal_representative_person_id,
    chosen.registered_capital_cny,
    chosen.industry_code,
    industries.section as industry_section,
    chosen.address,
    chosen.division_code,
    substr(chosen.division_code, 1, 6) as county_code,
    matches.longitude,
    matches.latitude,
    matches.match_level as address_match_level,
    chosen.registration_status_code,
    chosen.established_date,
    chosen.closed_date,
    chosen.taxpayer_status,
    chosen.tax_credit_rating,
    authorities.extract as authority_extract,
    authorities.is_listed,
    authorities.is_stale,
    seen.first_seen_date,
    seen.updated_at
from seen
inner join authorities on seen.entity_id = authorities.entity_id
left join chosen on seen.entity_id = chosen.entity_id
left join matches on {{ same_address('chosen', 'matches') }}
left join industries on chosen.industry_code = industries.code
