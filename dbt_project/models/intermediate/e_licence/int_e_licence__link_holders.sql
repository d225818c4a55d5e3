-- Which person or entity of the base libraries a holder is: by resident number, by the organisation
-- code inside the social credit code, by a registration number that one entity alone has. Nobody is
-- made of a holder that those libraries do not know.
with holders as (
    select
        *,
        case when holder_code_type in ('111', '112', '113') then holder_code end as resident_id,
        case
            when holder_code_type = '001' then 'organisation_code:' || substr(holder_code, 9, 9)
            when holder_code_type = '099' and length(replace(holder_code, '-', '')) = 9
                then 'organisation_code:' || replace(holder_code, '-', '')
        end as subject_key,
        case when holder_code_type = '099' then holder_code end as registration_no
    from {{ ref('int_e_licence__list_holders') }}
),

persons as (
    select
        links.resident_id,
        links.person_id
    from {{ ref('int_population__link_persons') }} as links
    -- a number that no current record mentions any more makes no person
    where
        links.person_id in (
            select mentions.person_id from {{ ref('int_population__rank_mentions') }} as mentions
        )
),

entities as (
    select distinct
        anchors.subject_key,
        anchors.entity_id
    from {{ ref('int_legal_entity__anchor_subjects') }} as anchors
    where
        anchors.is_anchor
        and anchors.entity_id in (
            select records.entity_id from {{ ref('int_legal_entity__rank_records') }} as records
        )
),

numbered as (
    select
        registration_no,
        min(entity_id) as entity_id
    from {{ ref('int_legal_entity__rank_records') }}
    where registration_no is not null
    group by registration_no
    having count(distinct entity_id) = 1
),

linked as (
    select
        holders.licence_identifier,
        holders.holder_position,
        holders.holder_name,
        holders.holder_code_type,
        holders.holder_code,
        persons.person_id,
        coalesce(entities.entity_id, numbered.entity_id) as entity_id,
        holders.provider,
        holders.business_date
    from holders
    left join persons on holders.resident_id = persons.resident_id
    left join entities on holders.subject_key = entities.subject_key
    left join numbered on holders.registration_no = numbered.registration_no
)

select
    *,
    case
        when person_id is not null or entity_id is not null then '已关联'
        when holder_code is null then '代码缺失或无效'
        when holder_code_type not in ('001', '099', '111', '112', '113') then '证件种类不能关联'
        else '库中没有'
    end as link_status
from linked
