{{ config(
    materialized='monthly', rows='raw.social_security__contribution', month='due_month', key='payment_no'
) }}
with source as (
    {{ stage_append(
        '(select * from ' ~ source('raw', 'social_security__contribution')
        ~ ' where ' ~ monthly_rows() ~ ') as given',
        ['payment_no']
    ) }}
),

renamed as (
    select
        ---------- keys and identifiers
        payment_no,
        enrolment_no,
        resident_id,
        employer_no,
        ---------- dates and times
        due_month,
        covered_month,
        received_month,
        ---------- codes and numbers
        insurance_type_code,
        contribution_base,
        employer_due,
        personal_due,
        received,
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
