-- The list of indicators, as soon as anything of the macro economy has come.
select
    code as indicator_code,
    name,
    unit,
    frequency,
    value_kind,
    provider,
    nullif(aliases, '') as aliases,
    parent as parent_code,
    sums_over_divisions = 'Y' as sums_over_divisions,
    valid_from,
    valid_to,
    calibre_note
from {{ ref('indicator') }}
where
    exists (select 1 from {{ ref('stg_macro_economy__monthly_bulletin') }})
    or exists (select 1 from {{ ref('stg_macro_economy__indicator_value') }})
    or exists (select 1 from {{ ref('stg_macro_economy__fiscal_monthly') }})
