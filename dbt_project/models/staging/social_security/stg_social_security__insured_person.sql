with source as (
    {{ stage_incremental(source('raw', 'social_security__insured_person'), ['enrolment_no']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        enrolment_no,
        person_no,
        resident_id,
        employer_no,
        employer_uscc,
        ---------- dates and times
        start_month,
        end_month,
        updated_at,
        ---------- codes and numbers
        insurance_type_code,
        enrolment_status_code,
        division_code,
        ---------- texts
        name,
        employer_name,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given
    from source
)

select * from renamed
