with source as (
    {{
        stage_append(
            source('raw', 'macro_economy__fiscal_monthly'),
            ['budget_item_code', 'division_code', 'period', 'released_date']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        budget_item_code,
        division_code,
        ---------- dates and times
        period,
        released_date,
        ---------- codes and numbers
        current_amount,
        cumulative_amount,
        budget_amount,
        ---------- texts
        budget_item_name,
        flow,
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
