with source as (
    {{ stage_full_list('geospatial/land_parcel', ['real_estate_unit_no']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        real_estate_unit_no,
        right_holder_id,
        ---------- codes and numbers
        land_use_code,
        area_m2,
        ---------- texts
        right_holder_name,
        right_nature,
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
