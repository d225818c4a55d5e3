with source as (
    {{ stage_full(
        'geospatial/division',
        source('raw', 'geospatial__division'),
        source('raw', 'rejected_key__geospatial__division'),
        source('raw', 'delivery'),
        ['division_code', 'valid_from'],
    ) }}
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
