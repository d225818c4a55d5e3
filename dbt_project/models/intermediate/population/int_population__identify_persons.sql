{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
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
    -- one condition: DuckDB joins slowly where another says something of the kept side alone
    on
        case when anchors.identifier_kind = 'resident_id' then anchors.identifier_value end
        = links.resident_id
where {{ touched('int_population__touch_persons', 'person_id', 'anchors.person_id') }}
group by anchors.person_id
