-- Which resident numbers are one subject, and the subject's person_id. Linking is exact: a number
-- is a subject of its own. A later link (stage 3) changes subject_key alone; the anchor, and with it
-- the id, stays the identifier that was seen first over all records of the subject.
with numbers as (
    select
        resident_id,
        min(first_seen_date) as first_seen_date
    from {{ ref('int_population__list_sightings') }}
    where identifier_kind = 'resident_id'
    group by resident_id
),

subjects as (
    select
        resident_id,
        resident_id as subject_key,
        first_seen_date
    from numbers
),

anchored as (
    select
        *,
        -- one kind of identifier so far, so its rank does not show in the order
        first_value(resident_id) over (
            partition by subject_key order by first_seen_date, resident_id
        ) as anchor
    from subjects
)

select
    resident_id,
    subject_key,
    first_seen_date,
    resident_id = anchor as is_anchor,
    keyed_id('person', 'resident_id:' || anchor) as person_id
from anchored
