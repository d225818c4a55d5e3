-- What a month or quarter alone came to: cumulative less the one before, as it was known at each
-- release of either. Only of levels that add up, within a year, from a period to the very next one;
-- never where a current value was published. Of January and of a first quarter the total is the
-- value; months published together (January and February) have none.
with cumulated as (
    select
        *,
        substr(period, 1, 4) as year,
        length(period) as form,
        {{ period_step('period') }} as step
    from {{ ref('int_macro_economy__choose_releases') }}
    where
        measure = 'level'
        and value_kind = 'cumulative'
        and unit_kind = 'amount'
        and length(period) > 4
),

-- what was before: the periods themselves, and nothing at the start of a year
before as (
    select
        indicator_code,
        division_code,
        year,
        form,
        step,
        released_date,
        value
    from cumulated
    union all
    select distinct
        indicator_code,
        division_code,
        year,
        form,
        0 as step,
        date '0001-01-01' as released_date,
        cast(0 as decimal(38, 10)) as value
    from cumulated
),

moments as (
    select
        indicator_code,
        division_code,
        year,
        form,
        step,
        released_date
    from cumulated
    union distinct
    select
        indicator_code,
        division_code,
        year,
        form,
        step + 1 as step,
        released_date
    from cumulated
),

as_known as (
    select
        moments.released_date,
        later.source_rank,
        later.extract,
        later.indicator_code,
        later.division_code,
        later.period,
        later.provider,
        later.delivery_id,
        later.line,
        later.unit,
        later.value as value_until,
        earlier.value as value_before
    from moments
    asof inner join cumulated as later
        on
            moments.indicator_code = later.indicator_code
            and moments.division_code = later.division_code
            and moments.year = later.year
            and moments.form = later.form
            and moments.step = later.step
            and moments.released_date >= later.released_date
    asof inner join before as earlier
        on
            moments.indicator_code = earlier.indicator_code
            and moments.division_code = earlier.division_code
            and moments.year = earlier.year
            and moments.form = earlier.form
            and moments.step - 1 = earlier.step
            and moments.released_date >= earlier.released_date
)

select
    as_known.source_rank,
    as_known.extract,
    as_known.indicator_code,
    as_known.division_code,
    as_known.period,
    'current' as value_kind,
    'level' as measure,
    as_known.released_date,
    as_known.provider,
    as_known.delivery_id,
    as_known.line,
    as_known.value_until - as_known.value_before as value,
    as_known.unit
from as_known
where
    not exists (
        select 1
        from {{ ref('int_macro_economy__choose_releases') }} as published
        where
            published.indicator_code = as_known.indicator_code
            and published.division_code = as_known.division_code
            and published.period = as_known.period
            and published.value_kind = 'current'
            and published.measure = 'level'
    )
