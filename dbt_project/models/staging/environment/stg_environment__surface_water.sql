with source as (
    {{
        stage_append(
            source('raw', 'environment__surface_water'),
            ['section_code', 'observed_month', 'item_name']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        section_code,
        item_name,
        ---------- dates and times
        observed_month,
        ---------- codes and numbers
        value_text,
        unit,
        target_class,
        ---------- texts
        section_name,
        river_name,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_corrected
    from source
)

select * from renamed
