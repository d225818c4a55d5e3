with source as (
    {{ stage_incremental(source('raw', 'geospatial__standard_address'), ['address_code']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        address_code,
        ---------- dates and times
        updated_at,
        ---------- codes and numbers
        division_code,
        longitude,
        latitude,
        coordinate_system,
        ---------- texts
        full_address,
        street,
        house_number,
        compound,
        status,
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
