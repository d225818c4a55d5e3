-- Records of identified entities in the order in which their values are believed: record_rank 1 is
-- the authority. Of several records of one register the one in force comes first, then the newest.
-- is_certain: linked by a code or by a person; only such a record can be held against another.
with anchors as (
    select * from {{ ref('int_legal_entity__anchor_subjects') }}
    where is_anchor
)

select
    records.*,
    anchors.entity_id,
    anchors.subject_seen_date,
    links.link_kind in ('code', 'decision') as is_certain,
    row_number() over (
        partition by anchors.entity_id
        order by
            records.source_rank asc,
            coalesce(records.registration_status_code <> '1', false),
            records.updated_at desc,
            records.record_key asc
    ) as record_rank
from {{ ref('int_legal_entity__list_records') }} as records
inner join {{ ref('int_legal_entity__settle_records') }} as links
    on records.extract = links.extract and records.record_key = links.record_key
inner join anchors on links.subject_key = anchors.subject_key
