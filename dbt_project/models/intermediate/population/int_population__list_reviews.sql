-- What people are asked: each record that may be of somebody but not surely, beside the record that
-- speaks for each candidate, with what both say. The smaller key of the two stands left in decisions.
with asked as (
    select
        outcomes.record_id,
        candidate.subject_key,
        candidate.other_record_id,
        candidate.match_probability
    from (
        select
            record_id,
            unnest(candidates) as candidate
        from {{ ref('int_population__decide_links') }}
        where outcome = 'review'
    ) as outcomes
),

speakers as (
    select
        links.subject_key,
        links.record_id
    from {{ ref('int_population__link_mentions') }} as links
    inner join {{ ref('int_population__rank_mentions') }} as mentions
        on
            links.extract = mentions.extract
            and links.record_key = mentions.record_key
            and links.role = mentions.role
    -- a record that is itself linked by likelihood speaks for nobody
    where
        links.link_kind in ('number', 'earlier_version', 'corrected_number')
        and links.subject_key in (select asked.subject_key from asked)
    qualify
        row_number() over (partition by links.subject_key order by mentions.mention_rank) = 1
),

pairs as (
    select
        asked.record_id,
        coalesce(speakers.record_id, asked.other_record_id) as other_record_id,
        max(asked.match_probability) as match_probability
    from asked
    left join speakers on asked.subject_key = speakers.subject_key
    group by all
),

described as (
    select
        record_id,
        coalesce(resident_id, number_text) as number_text,
        {{ person_link_columns() | join(', ') }}
    from {{ ref('int_population__list_versions') }}
    where
        record_id in (
            select pairs.record_id from pairs
            union all
            select pairs.other_record_id from pairs
        )
    qualify row_number() over (partition by record_id order by version_no desc) = 1
)

select
    pairs.match_probability,
    ones.record_id as one_record,
    others.record_id as other_record,
    {{ both_sides(['number_text'] + person_link_columns()) }}
from pairs
inner join described as ones on pairs.record_id = ones.record_id
inner join described as others on pairs.other_record_id = others.record_id
-- two records that ask about each other are asked once
qualify
    row_number() over (
        partition by
            least(ones.record_id, others.record_id), greatest(ones.record_id, others.record_id)
        order by ones.record_id
    ) = 1
