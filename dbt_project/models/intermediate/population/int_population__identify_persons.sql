-- One row per person: since when he is known, and the number of today's record. A person without any
-- number has none.
select
    person_id,
    min(first_seen_date) as first_seen_date,
    -- of several numbers the one first seen
    arg_min(resident_id, row(not is_anchor, resident_id)) as resident_id
from {{ ref('int_population__link_persons') }}
group by person_id
