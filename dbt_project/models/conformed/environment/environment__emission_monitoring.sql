-- Daily means of polluters with the legal entity that the number names. Values of a device that is
-- not in order say nothing about the limit.
select
    monitored.uscc,
    monitored.outlet_code,
    monitored.factor_code,
    monitored.observed_date,
    polluters.entity_id,
    polluters.link_status,
    monitored.entity_name,
    factors.name as factor_name,
    monitored.concentration,
    monitored.limit_value,
    factors.unit,
    monitored.flow,
    monitored.device_status,
    monitored.device_status = '正常' and monitored.concentration is not null as is_valid,
    monitored.is_corrected,
    monitored.provider,
    monitored.business_date,
    monitored.delivery_id,
    monitored.line
from {{ ref('stg_environment__emission_monitoring') }} as monitored
inner join {{ ref('int_environment__link_polluters') }} as polluters
    on monitored.uscc = polluters.uscc
inner join {{ ref('emission_factor') }} as factors on monitored.factor_code = factors.code
