with source as (
    {{ stage_full_list('geospatial/division_boundary', ['division_code']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        division_code,
        ---------- texts
        name,
        ---------- geometry
        geometry,
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
