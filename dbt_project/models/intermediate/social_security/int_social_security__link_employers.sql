-- The legal entity of each employer of the social-security office, by the organisation code inside
-- its social credit code, else by its organisation code.
with parties as (
    select
        employer_no as party_key,
        cast(null as varchar) as resident_id,
        uscc,
        organisation_code,
        cast(null as varchar) as registration_no
    from {{ ref('stg_social_security__employer') }}
),

{{ link_parties('parties') }}

select
    parties.party_key as employer_no,
    linked_parties.entity_id,
    case
        when linked_parties.entity_id is not null then '已关联'
        when coalesce(parties.uscc, parties.organisation_code) is null then '代码缺失或无效'
        else '法人库中没有'
    end as link_status
from parties
inner join linked_parties on parties.party_key = linked_parties.party_key
