-- One row per household and registered member; a person registered in two households stands in
-- both (R-POP-03 asks the police about it).
select
    registrations.household_no,
    links.person_id,
    registrations.household_relation_code,
    registrations.status_date,
    registrations.updated_at
from {{ ref('stg_population__household_registration') }} as registrations
inner join {{ ref('int_population__rank_mentions') }} as links
    on
        links.extract = 'population/household_registration'
        and registrations.person_no = links.record_key
where registrations.registration_status = '正常'
qualify
    row_number() over (
        partition by registrations.household_no, links.person_id
        order by registrations.updated_at desc, registrations.person_no asc
    ) = 1
