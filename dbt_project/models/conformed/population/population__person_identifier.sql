-- Every identifier form seen, to its person. A value that was seen with several persons belongs to
-- the one it was seen with last.
with sightings as (
    select
        sightings.*,
        links.person_id
    from {{ ref('int_population__list_sightings') }} as sightings
    inner join {{ ref('int_population__link_persons') }} as links
        on sightings.resident_id = links.resident_id
    -- a number that no current record mentions any more makes no person
    where links.person_id in (select persons.person_id from {{ ref('population__person') }} as persons)
    union all by name
    -- records that were somebody before they had a number
    select
        identifier_kind,
        identifier_value,
        string_split(identifier_value, '|')[1] as extract,
        person_id,
        first_seen_date,
        greatest(first_seen_date, joined_date) as last_seen_date,
        cast(first_seen_date as timestamp) as last_updated_at
    from {{ ref('int_population__anchor_subjects') }}
    where
        identifier_kind = 'record'
        and person_id in (select persons.person_id from {{ ref('population__person') }} as persons)
),

per_person as (
    select
        identifier_kind,
        identifier_value,
        extract,
        person_id,
        min(first_seen_date) as first_seen_date,
        max(last_seen_date) as last_seen_date,
        max(last_updated_at) as last_updated_at
    from sightings
    group by identifier_kind, identifier_value, extract, person_id
)

select
    identifier_kind,
    identifier_value,
    extract,
    person_id,
    first_seen_date,
    last_seen_date
from per_person
qualify
    row_number() over (
        partition by identifier_kind, identifier_value, extract
        order by last_seen_date desc, last_updated_at desc, person_id asc
    ) = 1
