-- The legal entity of each polluter's number: by the organisation code inside the social credit
-- code, as the library of legal entities identifies its subjects. Nobody is made of a number that
-- the library does not know.
with numbers as (
    select distinct
        uscc,
        'organisation_code:' || substr(uscc, 9, 9) as subject_key
    from {{ ref('stg_environment__emission_monitoring') }}
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
)

select
    numbers.uscc,
    entities.entity_id,
    case when entities.entity_id is null then '法人库中没有' else '已关联' end as link_status
from numbers
left join entities on numbers.subject_key = entities.subject_key
