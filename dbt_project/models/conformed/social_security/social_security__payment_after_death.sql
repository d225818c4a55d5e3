-- Benefits of months after the month of death (the month itself is due), with the days from the death
-- to the first of the month paid. What was recovered since settles the oldest payments first; what was
-- recovered beyond all that had been paid by then settles none that came later.
with deaths as (
    select
        person_id,
        death_date
    from {{ ref('population__person') }}
    where death_date is not null
),

proofs as (
    select
        person_id,
        extract,
        record_key,
        business_date
    from {{ ref('population__person_attribute') }}
    where attribute = 'death_date' and is_chosen
),

late as (
    select
        payments.*,
        deaths.death_date
    from {{ ref('int_social_security__link_benefits') }} as payments
    inner join deaths on payments.person_id = deaths.person_id
    where payments.paid_month > deaths.death_date
),

balances as (
    select
        *,
        sum(amount) over (
            partition by person_id, insurance_type_code, benefit_item
            order by paid_month, amount < 0, payment_no
        ) as still_owed
    from late
),

recovered as (
    select
        person_id,
        insurance_type_code,
        benefit_item,
        -sum(amount) filter (where amount < 0) - greatest(0, max(-still_owed)) as amount
    from balances
    group by person_id, insurance_type_code, benefit_item
    having bool_or(amount < 0)
),

paid as (
    select
        late.*,
        coalesce(recovered.amount, 0) as recovered_in_all,
        coalesce(sum(late.amount) over (
            partition by late.person_id, late.insurance_type_code, late.benefit_item
            order by late.paid_month, late.payment_no
            rows between unbounded preceding and 1 preceding
        ), 0) as paid_before
    from late
    left join recovered
        on
            late.person_id = recovered.person_id
            and late.insurance_type_code = recovered.insurance_type_code
            and late.benefit_item = recovered.benefit_item
    where late.amount > 0
)

select
    paid.payment_no,
    paid.person_id,
    paid.death_date,
    paid.paid_month,
    paid.insurance_type_code,
    paid.benefit_item,
    paid.division_code,
    cast(paid.amount as decimal(20, 2)) as amount_cny,
    date_diff('day', paid.death_date, paid.paid_month) as days_after_death,
    cast(
        least(paid.amount, greatest(0, paid.recovered_in_all - paid.paid_before)) as decimal(20, 2)
    ) as recovered_cny,
    paid.recovered_in_all >= paid.paid_before + paid.amount as is_recovered,
    proofs.extract as death_extract,
    proofs.record_key as death_record_key,
    proofs.business_date as death_business_date,
    paid.provider,
    paid.business_date,
    paid.delivery_id,
    paid.line
from paid
left join proofs on paid.person_id = proofs.person_id
