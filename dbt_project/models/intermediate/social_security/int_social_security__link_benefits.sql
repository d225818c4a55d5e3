-- The person of each benefit payment, by the number it was paid under.
with parties as (
    select
        payment_no as party_key,
        resident_id,
        cast(null as varchar) as uscc,
        cast(null as varchar) as organisation_code,
        cast(null as varchar) as registration_no
    from {{ ref('stg_social_security__benefit_payment') }}
),

{{ link_parties('parties') }}

select
    payments.*,
    linked_parties.person_id,
    case
        when linked_parties.person_id is not null then '已关联'
        when payments.resident_id is null then '号码缺失或无效'
        else '人口库中没有'
    end as link_status
from {{ ref('stg_social_security__benefit_payment') }} as payments
inner join linked_parties on payments.payment_no = linked_parties.party_key
