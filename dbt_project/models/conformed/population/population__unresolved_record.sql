-- Mentions without a valid resident number: no person is made of them until they can be linked by
-- other means.
select
    extract,
    record_key,
    role,
    case
        when validity_rank = 1 and role = '新生儿' then '证件已作废'
        when role = '新生儿' then '新生儿尚无号码'
        when id_type not in ('居民身份证', '临时居民身份证', '居民户口簿') then '证件不是居民身份号码'
        else '号码缺失或无效'
    end as reason,
    provider,
    name,
    sex_code,
    birth_date,
    business_date,
    delivery_id,
    line
from {{ ref('int_population__list_mentions') }}
where resident_id is null
