with source as (
    {{ stage_incremental(source('raw', 'legal_entity__enterprise_registration'), ['entity_no']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        entity_no,
        uscc,
        registration_no,
        legal_representative_id,
        ---------- dates and times
        established_date,
        business_term_from,
        business_term_to,
        business_term_to_is_long_term,
        approved_date,
        closed_date,
        updated_at,
        ---------- codes and numbers
        entity_type_code,
        registered_capital,
        industry_code,
        division_code,
        registration_status_code,
        ---------- texts
        name,
        legal_representative_name,
        legal_representative_id_type,
        capital_unit,
        currency,
        business_scope,
        address,
        registry_name,
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
