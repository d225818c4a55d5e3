-- The fiscal report by budget item, every release, amounts in yuan.
select
    fiscal.budget_item_code,
    fiscal.division_code,
    strftime(fiscal.period, '%Y-%m') as period,
    fiscal.released_date,
    fiscal.budget_item_name,
    fiscal.flow,
    units.name as division_name,
    fiscal.period as period_start,
    last_day(fiscal.period) as period_end,
    cast(fiscal.current_amount * 10000 as decimal(20, 2)) as current_amount_cny,
    cast(fiscal.cumulative_amount * 10000 as decimal(20, 2)) as cumulative_amount_cny,
    cast(fiscal.budget_amount * 10000 as decimal(20, 2)) as budget_amount_cny,
    row_number() over (
        partition by fiscal.budget_item_code, fiscal.division_code, fiscal.period
        order by fiscal.released_date desc
    ) = 1 as is_latest,
    row_number() over (
        partition by fiscal.budget_item_code, fiscal.division_code, fiscal.period
        order by fiscal.released_date
    ) as revision_no,
    fiscal.is_corrected,
    fiscal.provider,
    fiscal.delivery_id,
    fiscal.line
from {{ ref('stg_macro_economy__fiscal_monthly') }} as fiscal
left join {{ ref('reporting_unit') }} as units on fiscal.division_code = units.code
