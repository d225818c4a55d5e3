-- Which person or entity of the base libraries each counterparty and debtor is; where nobody is
-- linked, link_status says why.
with parties as (
    select * from {{ ref('int_credit__list_parties') }}
),

{{ link_parties('parties') }}

select
    parties.*,
    linked_parties.person_id,
    linked_parties.entity_id,
    case
        when linked_parties.person_id is not null or linked_parties.entity_id is not null then '已关联'
        when
            coalesce(
                parties.resident_id, parties.uscc, parties.organisation_code, parties.registration_no
            ) is not null
            then '库中没有'
        when parties.is_masked then '号码已脱敏'
        when parties.is_other_paper then '证件种类不能关联'
        else '代码缺失或无效'
    end as link_status
from parties
inner join linked_parties on parties.party_key = linked_parties.party_key
