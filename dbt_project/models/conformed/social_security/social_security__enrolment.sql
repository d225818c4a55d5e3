-- One row per enrolment of a person in one insurance, with the person and the employer's entity.
select
    insured.enrolment_no,
    persons.person_id,
    persons.link_status as person_link_status,
    insured.employer_no,
    employers.entity_id,
    case
        when insured.employer_no is null then '无单位编号'
        when employers.employer_no is null then '单位未登记'
        else employers.link_status
    end as employer_link_status,
    insured.insurance_type_code,
    types.name as insurance_type_name,
    types.family as insurance_family,
    types.scheme as insurance_scheme,
    insured.enrolment_status_code,
    insured.start_month,
    insured.end_month,
    insured.division_code,
    substr(insured.division_code, 1, 6) as county_code,
    insured.updated_at,
    insured.provider,
    insured.business_date,
    insured.delivery_id,
    insured.line
from {{ ref('stg_social_security__insured_person') }} as insured
inner join {{ ref('int_social_security__link_insured') }} as persons
    on insured.enrolment_no = persons.enrolment_no
inner join {{ ref('insurance_type') }} as types on insured.insurance_type_code = types.code
left join {{ ref('int_social_security__link_employers') }} as employers
    on insured.employer_no = employers.employer_no
