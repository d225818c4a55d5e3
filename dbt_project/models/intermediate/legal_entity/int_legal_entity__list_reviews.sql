-- What people are asked: each record that may be of an entity but not surely, beside the record that
-- speaks for each candidate, with what both say.
with asked as (
    select
        record_id,
        unnest(candidates) as candidate
    from {{ ref('int_legal_entity__decide_links') }}
    where outcome = 'review'
),

speakers as (
    select
        links.subject_key,
        links.extract || '|' || links.record_key || '|主体' as record_id
    from {{ ref('int_legal_entity__link_records') }} as links
    inner join {{ ref('int_legal_entity__rank_records') }} as ranked
        on links.extract = ranked.extract and links.record_key = ranked.record_key
    where
        starts_with(links.subject_key, 'organisation_code:')
        and links.subject_key in (select asked.candidate.subject_key from asked)
    qualify row_number() over (partition by links.subject_key order by ranked.record_rank) = 1
),

pairs as (
    select
        asked.record_id,
        coalesce(speakers.record_id, asked.candidate.other_record_id) as other_record_id,
        max(asked.candidate.match_probability) as match_probability
    from asked
    left join speakers on asked.candidate.subject_key = speakers.subject_key
    group by all
),

described as (
    select *
    from {{ ref('int_legal_entity__describe_records') }}
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
    {{ both_sides(entity_link_columns()) }}
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
