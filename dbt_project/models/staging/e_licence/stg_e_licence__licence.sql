with source as (
    {{ stage_incremental(source('raw', 'e_licence__licence'), ['licence_identifier']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        licence_identifier,
        licence_identifier_is_valid,
        previous_identifier,
        licence_no,
        licence_type_code,
        issuer_uscc,
        holder_code,
        ---------- dates and times
        issued_date,
        valid_from,
        valid_to,
        valid_to_is_long_term,
        updated_at,
        ---------- codes and numbers
        holder_code_type,
        status_code,
        ---------- texts
        licence_name,
        issuer_name,
        holder_name,
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
