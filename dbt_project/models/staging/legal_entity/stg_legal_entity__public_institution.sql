with source as (
    {{ stage_full_list('legal_entity/public_institution', ['uscc']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        uscc,
        ---------- dates and times
        established_date,
        certificate_from,
        certificate_to,
        ---------- codes and numbers
        initial_funds,
        division_code,
        ---------- texts
        name,
        institution_kind,
        legal_representative_name,
        sponsor_name,
        funding_source,
        address,
        status,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_listed,
        is_stale
    from source
)

select * from renamed
