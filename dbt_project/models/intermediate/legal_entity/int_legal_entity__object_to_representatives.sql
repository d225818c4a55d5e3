-- R-LE-05: an entity in operation whose legal representative is dead. The register that names the
-- representative is asked, not the tax office that repeats it.
with representatives as (
    select *
    from {{ ref('int_legal_entity__rank_records') }}
    where is_certain and legal_representative_number is not null
    qualify row_number() over (partition by entity_id order by record_rank) = 1
),

closed as (
    select entity_id
    from {{ ref('int_legal_entity__rank_records') }}
    where registration_status_code is not null
    qualify row_number() over (partition by entity_id order by record_rank) = 1
    -- 吊销, 注销, 撤销
    and registration_status_code in ('2', '3', '5')
),

persons as (
    select
        resident_id,
        person_id
    from {{ ref('int_population__link_persons') }}
),

deaths as (
    select * from {{ ref('int_population__list_deaths') }}
    where is_certain and death_rank = 1
),

objections as (
    select
        'R-LE-05' as rule_id,
        representatives.*,
        'legal_representative_name' as attribute,
        representatives.legal_representative_name as value_seen,
        coalesce('死亡日期 ' || deaths.death_date, '已登记死亡') as evidence,
        {{ counterpart('deaths') }}
    from representatives
    inner join persons on representatives.legal_representative_number = persons.resident_id
    inner join deaths on persons.person_id = deaths.person_id
    anti join closed on representatives.entity_id = closed.entity_id
)

select
    {{ objection_columns('entity_id') }}
from objections
