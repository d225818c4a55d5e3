-- Per extract: how many rows came, and what became of them. A row of statistics is used when a
-- number of it stands among the values; one without any number is counted as unresolved. Rows of the
-- fiscal report are all of them rows of the product.
with records as (
    select
        'macro_economy/monthly_bulletin' as extract,
        coalesce(
            current_value, cumulative_value, current_yoy_percent, yoy_percent, mom_percent
        ) is null as is_empty
    from {{ ref('stg_macro_economy__monthly_bulletin') }}
    union all
    select
        'macro_economy/indicator_value' as extract,
        value is null as is_empty
    from {{ ref('stg_macro_economy__indicator_value') }}
    union all
    select
        'macro_economy/fiscal_monthly' as extract,
        false as is_empty
    from {{ ref('stg_macro_economy__fiscal_monthly') }}
),

counted as (
    select
        extract,
        count(*) as current_records,
        count(*) filter (where is_empty) as unresolved
    from records
    group by extract
),

used as (
    select
        extract,
        count(distinct concat_ws('|', delivery_id, line)) as identified
    from {{ ref('int_macro_economy__list_values') }}
    where extract <> 'macro_economy/fiscal_monthly'
    group by extract
    union all
    select
        'macro_economy/fiscal_monthly' as extract,
        count(*) as identified
    from {{ ref('stg_macro_economy__fiscal_monthly') }}
),

extracts as (
    {% for name in ['monthly_bulletin', 'indicator_value', 'fiscal_monthly'] %}
        select
            'macro_economy/{{ name }}' as extract,
            (select count(*) from {{ source('raw', 'macro_economy__' ~ name) }}) as raw_rows
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    extracts.extract,
    extracts.raw_rows,
    coalesce(counted.current_records, 0) as current_records,
    coalesce(counted.current_records, 0) as mentions,
    coalesce(used.identified, 0) as identified,
    coalesce(counted.unresolved, 0) as unresolved
from extracts
left join counted on extracts.extract = counted.extract
left join used on extracts.extract = used.extract
