with source as (
    {{ stage_incremental(source('raw', 'legal_entity__tax_registration'), ['taxpayer_id']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        taxpayer_id,
        ---------- dates and times
        registered_date,
        updated_at,
        ---------- texts
        taxpayer_name,
        legal_representative_name,
        tax_office_name,
        taxpayer_status,
        tax_credit_rating,
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
