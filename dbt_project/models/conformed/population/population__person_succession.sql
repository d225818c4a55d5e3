-- Ids that became others, derived anew each night, so that the order of arrival leaves no trace. A
-- merge: what every other identifier of a subject would have given as its id, to the subject's id. A
-- split (拆分): the old id lives on, and a part of its records went to a new one.
with anchors as (
    select * from {{ ref('int_population__anchor_subjects') }}
),

persons as (
    select person_id from {{ ref('population__person') }}
),

retired as (
    select
        merged.own_id as old_id,
        merged.person_id as new_id,
        merged.reason,
        greatest(merged.first_seen_date, merged.joined_date, anchors.joined_date) as since
    from anchors as merged
    inner join anchors on merged.subject_key = anchors.subject_key
    where not merged.is_anchor and anchors.is_anchor
),

departed as (
    select
        stayed.person_id as old_id,
        anchors.person_id as new_id,
        '拆分' as reason,
        greatest(numbers.left_date, numbers.business_date) as since
    from {{ ref('int_population__number_records') }} as numbers
    inner join {{ ref('int_population__link_persons') }} as stayed
        on numbers.resident_id = stayed.resident_id
    inner join anchors on 'record:' || numbers.record_id = anchors.subject_key
    where numbers.left_by is not null and anchors.is_anchor
),

every_one as (
    select * from retired
    union all
    select * from departed
)

select * from every_one
where new_id in (select living.person_id from persons as living)
