-- The newest value of each series point beside its first one. A cumulative level has the derived
-- value of its last month or quarter alone beside it, where none was published.
with observations as (
    select * from {{ ref('macro_economy__observation') }}
),

firsts as (
    select * from observations
    where revision_no = 1
),

derived as (
    select * from observations
    where is_latest and is_derived
)

select
    newest.indicator_code,
    newest.division_code,
    newest.period,
    newest.value_kind,
    newest.measure,
    newest.indicator_name,
    newest.division_name,
    newest.period_start,
    newest.period_end,
    newest.value,
    newest.unit,
    newest.is_derived,
    firsts.released_date as first_released_date,
    firsts.value as first_value,
    newest.released_date as last_released_date,
    newest.value - firsts.value as revision,
    newest.revision_no,
    derived.value as derived_current_value,
    newest.provider,
    newest.extract
from observations as newest
inner join firsts
    on
        newest.indicator_code = firsts.indicator_code
        and newest.division_code = firsts.division_code
        and newest.period = firsts.period
        and newest.value_kind = firsts.value_kind
        and newest.measure = firsts.measure
left join derived
    on
        newest.indicator_code = derived.indicator_code
        and newest.division_code = derived.division_code
        and newest.period = derived.period
        and newest.value_kind = 'cumulative'
        and newest.measure = 'level'
where newest.is_latest
