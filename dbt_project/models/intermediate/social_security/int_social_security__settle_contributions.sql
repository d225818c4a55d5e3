-- What is due and what came of each enrolment, insurance and covered month. A back payment (due in a
-- later month than it covers) first settles what is open of the covered month; what goes beyond it
-- is due on top.
with payments as (
    select
        enrolment_no,
        insurance_type_code,
        covered_month as month,
        coalesce(employer_no, '') as employer_no,
        covered_month < due_month as is_back,
        received,
        coalesce(employer_due, 0) + coalesce(personal_due, 0) as amount,
        employer_due is null and personal_due is null as is_unknown
    from {{ ref('stg_social_security__contribution') }}
),

settled as (
    select
        enrolment_no,
        insurance_type_code,
        month,
        employer_no,
        coalesce(sum(amount) filter (where received and not is_back), 0) as paid,
        coalesce(sum(amount) filter (where not received and not is_back), 0) as open,
        coalesce(sum(amount) filter (where is_back), 0) as back,
        coalesce(sum(amount) filter (where received), 0) as received,
        count(*) filter (where is_unknown) as unknown_amounts
    from payments
    group by enrolment_no, insurance_type_code, month, employer_no
)

select
    enrolment_no,
    insurance_type_code,
    month,
    employer_no,
    cast(paid + greatest(open, back) as decimal(20, 2)) as due_cny,
    cast(received as decimal(20, 2)) as received_cny,
    cast(paid + greatest(open, back) - received as decimal(20, 2)) as arrears_cny,
    unknown_amounts
from settled
