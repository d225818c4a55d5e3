{{ config(
    materialized='touched', of='int_population__touch_subjects', column='subject_key',
    key='subject_key'
) }}
-- Every resident number ever seen, and whose it is.
select
    anchors.identifier_value as resident_id,
    anchors.subject_key,
    anchors.first_seen_date,
    joined.is_replaced,
    anchors.is_anchor,
    anchors.person_id
from {{ ref('int_population__anchor_subjects') }} as anchors
inner join {{ ref('int_population__join_numbers') }} as joined
    on anchors.identifier_value = joined.resident_id
where
    anchors.identifier_kind = 'resident_id'
    and {{ touched('int_population__touch_subjects', 'subject_key', 'anchors.subject_key') }}
