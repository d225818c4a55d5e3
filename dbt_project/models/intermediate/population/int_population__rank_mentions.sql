-- Mentions of identified persons in the order in which their values are believed: mention_rank 1
-- is the authority. The order is total, so equal deliveries choose equal values.
with mentions as (
    select * from {{ ref('int_population__list_mentions') }}
),

links as (
    select * from {{ ref('int_population__link_persons') }}
)

select
    mentions.*,
    links.person_id,
    row_number() over (
        partition by links.person_id
        order by
            mentions.source_rank asc,
            mentions.validity_rank asc,
            mentions.updated_at desc,
            mentions.record_key asc,
            mentions.role asc
    ) as mention_rank
from mentions
inner join links on mentions.resident_id = links.resident_id
