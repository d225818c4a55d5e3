{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- Mentions of identified persons in the order in which their values are believed: mention_rank 1
-- is the authority. The order is total, so equal deliveries choose equal values. is_certain: linked by a
-- number or by a person; only such a record can be held against another (objections).
with links as (
    select
        mentions.*,
        anchors.person_id
    from {{ ref('int_population__link_mentions') }} as mentions
    inner join {{ ref('int_population__anchor_subjects') }} as anchors
        on mentions.subject_key = anchors.subject_key and anchors.is_anchor
    where {{ touched('int_population__touch_persons', 'person_id', 'anchors.person_id') }}
)

select
    mentions.*,
    links.person_id,
    links.link_kind,
    links.link_kind in ('number', 'earlier_version', 'corrected_number', 'decision') as is_certain,
    row_number() over (
        partition by links.person_id
        order by
            mentions.source_rank asc,
            mentions.validity_rank asc,
            mentions.updated_at desc,
            mentions.record_key asc,
            mentions.role asc
    ) as mention_rank
from {{ ref('int_population__list_mentions') }} as mentions
inner join links
    on
        mentions.extract = links.extract
        and mentions.record_key = links.record_key
        and mentions.role = links.role
