-- One value per series point and date of release. Where several sources give one, the finance
-- bureau's report comes before the long form, and that before the bulletin, whatever came first;
-- is_contradicted says that another number was given.
{% set point = 'indicator_code, division_code, period, value_kind, measure, released_date' %}
select
    *,
    min(value) over (partition by {{ point }})
    <> max(value) over (partition by {{ point }}) as is_contradicted
from {{ ref('int_macro_economy__list_values') }}
qualify
    row_number() over (
        partition by {{ point }}
        order by source_rank, value, unit, delivery_id, line
    ) = 1
