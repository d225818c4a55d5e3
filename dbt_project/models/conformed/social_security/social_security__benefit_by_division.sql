-- Benefits paid in each month, recoveries deducted, by the division that paid.
select
    division_code,
    paid_month as month,
    insurance_type_code,
    count(distinct coalesce(person_id, resident_id, payment_no)) filter (where amount > 0) as persons,
    count(*) as payments,
    cast(coalesce(sum(amount) filter (where amount > 0), 0) as decimal(20, 2)) as gross_cny,
    cast(coalesce(-sum(amount) filter (where amount < 0), 0) as decimal(20, 2)) as recovered_cny,
    cast(sum(amount) as decimal(20, 2)) as paid_cny
from {{ ref('int_social_security__link_benefits') }}
group by division_code, paid_month, insurance_type_code
