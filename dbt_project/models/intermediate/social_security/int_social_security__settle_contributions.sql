{{ config(
    materialized='monthly', rows='staging.stg_social_security__contribution', month='covered_month',
    reads=[
        'enrolment_no', 'insurance_type_code', 'covered_month', 'due_month', 'employer_no', 'received',
        'employer_due', 'personal_due', 'business_date'
    ]
) }}
-- What was due of each employer's account, covered month and insurance, and what came of it. A back
-- payment (due in a later month than it covers) first settles what is open of the enrolment's covered
-- month; what goes beyond it is due on top.
with payments as (
    select
        enrolment_no,
        insurance_type_code,
        covered_month,
        coalesce(employer_no, '') as employer_no,
        covered_month < due_month as is_back,
        received,
        coalesce(employer_due, 0) + coalesce(personal_due, 0) as amount,
        employer_due is null and personal_due is null as is_unknown,
        business_date
    from {{ ref('stg_social_security__contribution') }}
    where {{ monthly_rows() }}
),

settled as (
    select
        enrolment_no,
        insurance_type_code,
        covered_month,
        employer_no,
        coalesce(sum(amount) filter (where received and not is_back), 0) as paid,
        coalesce(sum(amount) filter (where not received and not is_back), 0) as open,
        coalesce(sum(amount) filter (where is_back), 0) as back,
        coalesce(sum(amount) filter (where received), 0) as received,
        count(*) filter (where is_unknown) as unknown_amounts,
        min(business_date) as first_told_date
    from payments
    group by enrolment_no, insurance_type_code, covered_month, employer_no
)

select
    employer_no,
    covered_month,
    insurance_type_code,
    count(distinct enrolment_no) as persons,
    cast(sum(paid + greatest(open, back)) as decimal(20, 2)) as due_cny,
    cast(sum(received) as decimal(20, 2)) as received_cny,
    cast(sum(paid + greatest(open, back) - received) as decimal(20, 2)) as arrears_cny,
    cast(sum(unknown_amounts) as bigint) as unknown_amounts,
    min(first_told_date) as first_told_date
from settled
group by employer_no, covered_month, insurance_type_code
