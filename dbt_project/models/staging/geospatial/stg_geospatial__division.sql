with source as (
    {{ stage_full_list('geospatial/division', ['division_code', 'valid_from']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        division_code,
        valid_from,
        ---------- dates and times
        valid_to,
        ---------- codes and numbers
        parent_code,
        urban_rural_code,
        ---------- texts
        name,
        level,
        ---------- where it comes from
        is_listed,
        is_stale,
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given
    from source
)

select * from renamed
