-- Daily means above their limit, from devices in order.
select
    uscc,
    outlet_code,
    factor_code,
    observed_date,
    entity_id,
    link_status,
    entity_name,
    factor_name,
    concentration,
    limit_value,
    unit,
    {{
        exact_ratio(millionths('(concentration - limit_value)'), millionths('limit_value'), 4)
    }} as times_over,
    delivery_id,
    line
from {{ ref('environment__emission_monitoring') }}
where is_valid and concentration > limit_value
