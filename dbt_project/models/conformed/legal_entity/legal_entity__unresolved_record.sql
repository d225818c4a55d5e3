-- Current records that no entity could be made of.
select
    records.extract,
    records.record_key,
    case
        when links.outcome = 'review' then '待人工核对'
        when links.is_ambiguous then '注册号对应多个主体'
        when length(records.record_key) = 20 and records.source_rank = 4 then '自然人纳税人'
        else '没有可用的主体代码'
    end as reason,
    records.provider,
    records.name,
    records.business_date,
    records.delivery_id,
    records.line
from {{ ref('int_legal_entity__list_records') }} as records
inner join {{ ref('int_legal_entity__settle_records') }} as links
    on records.extract = links.extract and records.record_key = links.record_key
where links.subject_key is null
