-- The conformed fact of contributions: each employer's account, covered month and insurance. Single
-- payments stay in the warehouse (stg_social_security__contribution); both are made month by month.
select
    settled.employer_no,
    settled.covered_month as month,
    settled.insurance_type_code,
    employers.entity_id,
    case
        when settled.employer_no = '' then '无单位编号'
        when employers.employer_no is null then '单位未登记'
        else employers.link_status
    end as link_status,
    settled.persons,
    settled.due_cny,
    settled.received_cny,
    settled.arrears_cny,
    settled.unknown_amounts,
    settled.first_told_date
from {{ ref('int_social_security__settle_contributions') }} as settled
left join {{ ref('int_social_security__link_employers') }} as employers
    on settled.employer_no = employers.employer_no
