-- One row per person: since when he is known, and the number of today's record. A person without any
-- number has none.
select
    anchors.person_id,
    min(anchors.first_seen_date) as first_seen_date,
    -- of several numbers one that was not corrected, then the one first seen
    arg_min(
        links.resident_id, row(links.is_replaced, links.first_seen_date, links.resident_id)
    ) filter (where links.resident_id is not null) as resident_id
from {{ ref('int_population__anchor_subjects') }} as anchors
left join {{ ref('int_population__link_persons') }} as links
    on anchors.identifier_kind = 'resident_id' and anchors.identifier_value = links.resident_id
group by anchors.person_id
