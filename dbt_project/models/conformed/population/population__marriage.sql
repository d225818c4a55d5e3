-- One row per registration at civil affairs; a spouse without a valid resident number has no id.
with spouses as (
    select
        record_key,
        arg_min(person_id, mention_rank) filter (where role = '男方') as husband_person_id,
        arg_min(person_id, mention_rank) filter (where role = '女方') as wife_person_id
    from {{ ref('int_population__rank_mentions') }}
    where extract = 'population/marriage_registration'
    group by record_key
)

select
    marriages.registration_no,
    marriages.registration_type,
    spouses.husband_person_id,
    spouses.wife_person_id,
    marriages.husband_name,
    marriages.wife_name,
    marriages.registered_date,
    marriages.registry_name,
    marriages.is_corrected
from {{ ref('stg_population__marriage_registration') }} as marriages
left join spouses on marriages.registration_no = spouses.record_key
