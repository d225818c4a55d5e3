-- Every number of every source, in the indicator's own unit. Growth is in per cent, or in the index
-- it was stated in (上月=100); in the index that the indicator itself is, it is the level. Of a stock
-- every value is that of the end of the period. A row without a number says nothing and makes no value.
{% set is_level -%}
    given.measure = 'level'
    or (given.measure = 'yoy' and own.kind = 'index' and given.unit = own.code)
{%- endset %}
with fiscal_names as (
    select
        code as indicator_code,
        fiscal_flow,
        unnest(list_distinct(list_prepend(name, string_split(coalesce(aliases, ''), '|')))) as name
    from {{ ref('indicator') }}
    where fiscal_flow is not null
),

fiscal_totals as (
    select
        fiscal.*,
        names.indicator_code
    from {{ ref('stg_macro_economy__fiscal_monthly') }} as fiscal
    inner join fiscal_names as names
        on
            translate(replace(fiscal.budget_item_name, ' ', ''), '（）', '()')
            = translate(names.name, '（）', '()')
            and fiscal.flow = names.fiscal_flow
),

given as (
    {% for column, kind in [
        ('current_amount', 'current'), ('cumulative_amount', 'cumulative'),
    ] %}
        select
            1 as source_rank,
            'macro_economy/fiscal_monthly' as extract,
            indicator_code,
            division_code,
            strftime(period, '%Y-%m') as period,
            '{{ kind }}' as value_kind,
            'level' as measure,
            released_date,
            {{ column }} as value,
            '万元' as unit,
            provider,
            delivery_id,
            line
        from fiscal_totals
        union all
    {% endfor %}
    select
        2 as source_rank,
        'macro_economy/indicator_value' as extract,
        indicator_code,
        division_code,
        period,
        case value_kind when '当期' then 'current' when '累计' then 'cumulative' else 'stock' end
            as value_kind,
        case measure when '总量' then 'level' when '同比' then 'yoy' else 'mom' end as measure,
        released_date,
        value,
        unit,
        provider,
        delivery_id,
        line
    from {{ ref('stg_macro_economy__indicator_value') }}
    where value is not null
    union all
    select
        3 as source_rank,
        'macro_economy/monthly_bulletin' as extract,
        *
    from {{ ref('int_macro_economy__list_bulletin_values') }}
)

select
    given.* exclude (value, unit, value_kind, measure),
    case indicators.value_kind when 'stock' then 'stock' else given.value_kind end as value_kind,
    case when {{ is_level }} then 'level' else given.measure end as measure,
    case
        when {{ is_level }}
            then {{ in_unit('given.value', 'units.factor', 'own.factor') }}
        else cast(given.value as decimal(38, 10))
    end as value,
    case
        when {{ is_level }} then own.code
        when units.kind = 'index' then units.code
        else '%'
    end as unit,
    own.kind as unit_kind
from given
inner join {{ ref('indicator') }} as indicators on given.indicator_code = indicators.code
inner join {{ ref('unit') }} as units on given.unit = units.code
inner join {{ ref('unit') }} as own on indicators.unit = own.code
