-- The conformed fact of contributions: each employer's account, covered month and insurance. Single
-- payments stay in the warehouse (stg_social_security__contribution), which makes them month by month.
with settled as (
    select
        employer_no,
        month,
        insurance_type_code,
        count(distinct enrolment_no) as persons,
        sum(due_cny) as due_cny,
        sum(received_cny) as received_cny,
        sum(arrears_cny) as arrears_cny,
        sum(unknown_amounts) as unknown_amounts
    from {{ ref('int_social_security__settle_contributions') }}
    group by employer_no, month, insurance_type_code
)

select
    settled.employer_no,
    settled.month,
    settled.insurance_type_code,
    employers.entity_id,
    case
        when settled.employer_no = '' then '无单位编号'
        when employers.employer_no is null then '单位未登记'
        else employers.link_status
    end as link_status,
    settled.persons,
    cast(settled.due_cny as decimal(20, 2)) as due_cny,
    cast(settled.received_cny as decimal(20, 2)) as received_cny,
    cast(settled.arrears_cny as decimal(20, 2)) as arrears_cny,
    cast(settled.unknown_amounts as bigint) as unknown_amounts
from settled
left join {{ ref('int_social_security__link_employers') }} as employers
    on settled.employer_no = employers.employer_no
