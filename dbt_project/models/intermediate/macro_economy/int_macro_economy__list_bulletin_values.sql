-- Every number of the bulletins, one a row. The column says which kind it is; of a stock every column
-- means the end of the period. A single column of growth belongs to the indicator's own kind of
-- value, or to the one that the line has.
with lines as (
    select
        bulletins.*,
        indicators.code as indicator_code,
        indicators.value_kind as own_kind,
        {{ period_of_month('bulletins.period', 'indicators.frequency') }} as period_code
    from {{ ref('stg_macro_economy__monthly_bulletin') }} as bulletins
    inner join {{ ref('indicator') }} as indicators on bulletins.indicator_name = indicators.name
),

kinds as (
    select
        *,
        case
            when own_kind = 'stock' then 'stock'
            when own_kind = 'current' and current_value is not null then 'current'
            when cumulative_value is not null then 'cumulative'
            when current_value is not null then 'current'
            else own_kind
        end as growth_kind,
        case own_kind when 'stock' then 'stock' else 'current' end as current_kind,
        case own_kind when 'stock' then 'stock' else 'cumulative' end as cumulative_kind
    from lines
),

numbers as (
    {% for column, kind, measure in [
        ('current_value', 'current_kind', 'level'),
        ('cumulative_value', 'cumulative_kind', 'level'),
        ('current_yoy_percent', 'current_kind', 'yoy'),
        ('yoy_percent', 'growth_kind', 'yoy'),
        ('mom_percent', 'current_kind', 'mom'),
    ] %}
        select
            indicator_code,
            division_code,
            period_code as period,
            {{ kind }} as value_kind,
            '{{ measure }}' as measure,
            released_date,
            {{ column }} as value,
            {{ 'unit' if measure == 'level' else "'%'" }} as unit,
            provider,
            delivery_id,
            line
        from kinds
        where {{ column }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from numbers
