with source as (
    {{
        stage_append(
            source('raw', 'macro_economy__monthly_bulletin'),
            ['division_code', 'period', 'released_date', 'indicator_name']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        division_code,
        indicator_name,
        ---------- dates and times
        period,
        released_date,
        ---------- codes and numbers
        current_value,
        cumulative_value,
        current_yoy_percent,
        yoy_percent,
        mom_percent,
        ---------- texts
        parent_name,
        unit,
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
