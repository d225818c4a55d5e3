with source as (
    {{
        stage_append(
            source('raw', 'environment__emission_monitoring'),
            ['uscc', 'outlet_code', 'factor_code', 'observed_date']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        uscc,
        outlet_code,
        factor_code,
        ---------- dates and times
        observed_date,
        ---------- codes and numbers
        concentration,
        limit_value,
        flow,
        ---------- texts
        entity_name,
        device_status,
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
