-- Every sample in the item's own unit. Below the limit of detection half of it stands in for the
-- value, in means and in the class alike.
with samples as (
    select
        *,
        starts_with(value_text, '<') as is_below_detection,
        try_cast(ltrim(value_text, '<') as decimal(20, 10)) as number,
        case
            when regexp_matches(river_name, '(湖|水库|库区)$') then '湖库' else '河流'
        end as water_body
    from {{ ref('stg_environment__surface_water') }}
),

converted as (
    select
        samples.*,
        items.unit as own_unit,
        try_cast(samples.number * units.factor as decimal(20, 10)) as converted
    from samples
    inner join {{ ref('water_item') }} as items on samples.item_name = items.code
    inner join {{ ref('water_unit') }} as units on samples.unit = units.code
)

select
    section_code,
    observed_month as month,
    item_name,
    section_name,
    river_name,
    water_body,
    value_text,
    try_cast(
        converted * case when is_below_detection then 0.5 else 1.0 end as decimal(20, 10)
    ) as value,
    own_unit as unit,
    is_below_detection,
    case when is_below_detection then converted end as detection_limit,
    target_class,
    is_corrected,
    provider,
    delivery_id,
    line
from converted
