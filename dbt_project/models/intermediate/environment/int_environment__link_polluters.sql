-- The legal entity of each polluter's number: by the organisation code inside the social credit
-- code, as the library of legal entities identifies its subjects. Nobody is made of a number that
-- the library does not know.
with parties as (
    select distinct
        uscc as party_key,
        cast(null as varchar) as resident_id,
        uscc,
        cast(null as varchar) as organisation_code,
        cast(null as varchar) as registration_no
    from {{ ref('stg_environment__emission_monitoring') }}
),

{{ link_parties('parties') }}

select
    party_key as uscc,
    entity_id,
    case when entity_id is null then '法人库中没有' else '已关联' end as link_status
from linked_parties
