with source as (
    {{
        stage_append(
            source('raw', 'macro_economy__indicator_value'),
            ['indicator_code', 'division_code', 'period', 'value_kind', 'measure', 'released_date']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        indicator_code,
        division_code,
        period,
        ---------- dates and times
        released_date,
        ---------- codes and numbers
        value,
        ---------- texts
        indicator_name,
        value_kind,
        measure,
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
