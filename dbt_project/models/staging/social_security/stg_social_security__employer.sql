with source as (
    {{ stage_incremental(source('raw', 'social_security__employer'), ['employer_no']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        employer_no,
        uscc,
        organisation_code,
        ---------- dates and times
        updated_at,
        ---------- codes and numbers
        division_code,
        ---------- texts
        employer_name,
        employer_kind,
        employer_status,
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
