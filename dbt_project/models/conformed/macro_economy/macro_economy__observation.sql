-- Every release of every value. Releases of one series point are numbered by their dates.
with released as (
    select
        * exclude (source_rank, unit_kind),
        false as is_derived
    from {{ ref('int_macro_economy__choose_releases') }}
    union all by name
    select
        * exclude (source_rank),
        true as is_derived,
        false as is_contradicted
    from {{ ref('int_macro_economy__derive_current') }}
)

select
    released.indicator_code,
    released.division_code,
    released.period,
    released.value_kind,
    released.measure,
    released.released_date,
    indicators.name as indicator_name,
    units.name as division_name,
    {{ period_start('released.period') }} as period_start,
    {{ period_end('released.period') }} as period_end,
    released.value,
    released.unit,
    released.is_derived,
    row_number() over (
        partition by
            released.indicator_code,
            released.division_code,
            released.period,
            released.value_kind,
            released.measure
        order by released.released_date desc
    ) = 1 as is_latest,
    row_number() over (
        partition by
            released.indicator_code,
            released.division_code,
            released.period,
            released.value_kind,
            released.measure
        order by released.released_date
    ) as revision_no,
    released.is_contradicted,
    released.provider,
    released.extract,
    released.delivery_id,
    released.line
from released
inner join {{ ref('indicator') }} as indicators on released.indicator_code = indicators.code
left join {{ ref('reporting_unit') }} as units on released.division_code = units.code
