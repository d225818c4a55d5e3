-- The class of each section and month: that of its worst item (GB 3838-2002). Water temperature,
-- total nitrogen and faecal coliforms are not assessed.
with assessed as (
    select
        samples.section_code,
        samples.month,
        samples.item_name,
        items.position,
        coalesce(min(limits.class_rank), 6) as class_rank
    from {{ ref('environment__surface_water_sample') }} as samples
    inner join {{ ref('water_item') }} as items
        on samples.item_name = items.code and items.in_class_assessment = 'Y'
    left join {{ ref('water_limit') }} as limits
        on
            samples.item_name = limits.item
            and coalesce(limits.water_body, samples.water_body) = samples.water_body
            and samples.value >= coalesce(limits.lowest, 0)
            and samples.value <= coalesce(limits.highest, samples.value)
    group by all
),

ranked as (
    select
        *,
        max(class_rank) over (partition by section_code, month) as worst_rank
    from assessed
),

worst as (
    select
        section_code,
        month,
        any_value(worst_rank) as worst_rank,
        count(*) as items_assessed,
        string_agg(item_name, '、' order by position) filter (where class_rank = worst_rank)
            as worst_items
    from ranked
    group by section_code, month
),

sections as (
    select
        section_code,
        month,
        arg_max(section_name, item_name) as section_name,
        arg_max(river_name, item_name) as river_name,
        arg_max(water_body, item_name) as water_body,
        case when count(distinct target_class) = 1 then min(target_class) end as target_class
    from {{ ref('environment__surface_water_sample') }}
    group by section_code, month
)

select
    sections.section_code,
    sections.month,
    sections.section_name,
    sections.river_name,
    sections.water_body,
    case when worst.worst_rank = 6 then '劣Ⅴ' else classes.code end as water_class,
    case when worst.worst_rank = 6 then '重度污染' else classes.quality end as water_quality,
    worst.worst_items,
    cast(coalesce(worst.items_assessed, 0) as integer) as items_assessed,
    coalesce(worst.items_assessed, 0) >= 21 as is_complete,
    sections.target_class,
    worst.worst_rank <= targets.class_rank as is_on_target
from sections
left join worst on sections.section_code = worst.section_code and sections.month = worst.month
left join {{ ref('water_class') }} as classes on worst.worst_rank = classes.class_rank
left join {{ ref('water_class') }} as targets on sections.target_class = targets.code
