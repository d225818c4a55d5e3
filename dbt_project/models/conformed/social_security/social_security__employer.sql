-- Employers of the social-security office, with the legal entity that each is.
select
    employers.employer_no,
    links.entity_id,
    links.link_status,
    employers.employer_name,
    employers.uscc,
    employers.organisation_code,
    employers.employer_kind,
    employers.division_code,
    substr(employers.division_code, 1, 6) as county_code,
    employers.employer_status,
    employers.updated_at,
    employers.provider,
    employers.business_date,
    employers.delivery_id,
    employers.line
from {{ ref('stg_social_security__employer') }} as employers
inner join {{ ref('int_social_security__link_employers') }} as links
    on employers.employer_no = links.employer_no
