-- Mentions of which no person could be made, and why.
select
    mentions.extract,
    mentions.record_key,
    mentions.role,
    case
        when
            mentions.validity_rank = 1
            and mentions.extract in ('population/birth_certificate', 'population/death_certificate')
            then '证件已作废'
        when outcomes.outcome = 'review' then '待人工核对'
        when
            mentions.id_type not in ('居民身份证', '临时居民身份证', '居民户口簿')
            then '证件不是居民身份号码'
        when mentions.role = '新生儿' then '新生儿尚无号码'
        when outcomes.outcome in ('new', 'grouped') then '仅为附带提及'
        else '信息不足'
    end as reason,
    mentions.provider,
    mentions.name,
    mentions.sex_code,
    mentions.birth_date,
    mentions.business_date,
    mentions.delivery_id,
    mentions.line
from {{ ref('int_population__list_mentions') }} as mentions
left join {{ ref('int_population__decide_links') }} as outcomes
    on {{ record_id('mentions') }} = outcomes.record_id
anti join {{ ref('int_population__rank_mentions') }} as identified
    on
        mentions.extract = identified.extract
        and mentions.record_key = identified.record_key
        and mentions.role = identified.role
