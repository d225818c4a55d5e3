with source as (
    {{ stage_append(source('raw', 'social_security__benefit_payment'), ['payment_no']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        payment_no,
        resident_id,
        ---------- dates and times
        paid_month,
        ---------- codes and numbers
        insurance_type_code,
        amount,
        division_code,
        ---------- texts
        name,
        benefit_item,
        transaction_kind,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_corrected
    from source
)

select * from renamed
