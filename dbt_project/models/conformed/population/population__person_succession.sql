-- Ids that became others: what every other number of a subject would have given as its id, to the
-- subject's id. Derived anew each night, so that the order of arrival leaves no trace. While one
-- number is one subject the table is empty.
with links as (
    select * from {{ ref('int_population__link_persons') }}
),

anchors as (
    select
        subject_key,
        first_seen_date
    from links
    where is_anchor
)

select
    keyed_id('person', 'resident_id:' || links.resident_id) as old_id,
    links.person_id as new_id,
    '新的关联' as reason,
    greatest(links.first_seen_date, anchors.first_seen_date) as since
from links
inner join anchors on links.subject_key = anchors.subject_key
where
    not links.is_anchor
    and links.person_id in (select persons.person_id from {{ ref('population__person') }} as persons)
