-- Which person or entity of the base libraries a holder is: by resident number, by the organisation
-- code inside the social credit code, by a registration number that one entity alone has. Nobody is
-- made of a holder that those libraries do not know.
with holders as (
    select
        *,
        concat_ws(chr(31), licence_identifier, cast(holder_position as varchar)) as party_key
    from {{ ref('int_e_licence__list_holders') }}
),

parties as (
    select
        party_key,
        case when holder_code_type in ('111', '112', '113') then holder_code end as resident_id,
        case when holder_code_type = '001' then holder_code end as uscc,
        case
            when holder_code_type = '099' and length(replace(holder_code, '-', '')) = 9
                then replace(holder_code, '-', '')
        end as organisation_code,
        case when holder_code_type = '099' then holder_code end as registration_no
    from holders
),

{{ link_parties('parties') }}

select
    holders.licence_identifier,
    holders.holder_position,
    holders.holder_name,
    holders.holder_code_type,
    holders.holder_code,
    linked_parties.person_id,
    linked_parties.entity_id,
    holders.provider,
    holders.business_date,
    case
        when coalesce(linked_parties.person_id, linked_parties.entity_id) is not null then '已关联'
        when holders.holder_code is null then '代码缺失或无效'
        when holders.holder_code_type not in ('001', '099', '111', '112', '113')
            then '证件种类不能关联'
        else '库中没有'
    end as link_status
from holders
inner join linked_parties on holders.party_key = linked_parties.party_key
