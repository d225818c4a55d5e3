-- Ids that became others: what every other best identifier of a subject would have given as its id,
-- to the subject's id. Derived anew each night, so that the order of arrival leaves no trace.
select
    own_id as old_id,
    entity_id as new_id,
    '新的关联' as reason,
    -- the anchor was there first: the later of the two first dates is this identifier's own
    first_seen_date as since
from {{ ref('int_legal_entity__anchor_subjects') }}
where
    not is_anchor
    and entity_id in (
        select entities.entity_id from {{ ref('legal_entity__legal_entity') }} as entities
    )
