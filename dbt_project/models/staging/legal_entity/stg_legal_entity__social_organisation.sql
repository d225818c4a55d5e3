with source as (
    {{ stage_full_list('legal_entity/social_organisation', ['uscc']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        uscc,
        ---------- dates and times
        established_date,
        certificate_to,
        ---------- codes and numbers
        registered_funds,
        division_code,
        ---------- texts
        name,
        organisation_kind,
        legal_representative_name,
        supervisor_name,
        business_scope,
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
