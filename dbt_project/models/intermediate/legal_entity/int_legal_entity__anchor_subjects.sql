-- The entity_id of each subject: the keyed hash of its anchor, the identifier first seen by
-- (business date, kind rank, value) among the best identifiers of all its records' versions. The
-- other best identifiers are ids the subject would have had alone: they become successions.
with claims as (
    select
        coalesce('organisation_code:' || versions.subject_code, links.subject_key) as subject_key,
        case
            when versions.uscc is not null then 'uscc'
            when versions.organisation_code is not null then 'organisation_code'
            else 'registration_no'
        end as identifier_kind,
        coalesce(
            versions.uscc, versions.organisation_code, versions.registration_no
        ) as identifier_value,
        versions.business_date
    from {{ ref('int_legal_entity__list_versions') }} as versions
    inner join {{ ref('int_legal_entity__settle_records') }} as links
        on versions.extract = links.extract and versions.record_key = links.record_key
),

-- a record that had no code and no number is known by itself until it has one
records as (
    select
        links.subject_key,
        'record' as identifier_kind,
        versions.record_id as identifier_value,
        versions.business_date
    from {{ ref('int_legal_entity__describe_records') }} as versions
    inner join {{ ref('int_legal_entity__settle_records') }} as links
        on versions.extract = links.extract and versions.record_key = links.record_key
    where versions.makes_entity and versions.name is not null
    qualify
        count(coalesce(versions.organisation_code, versions.registration_no)) over (
            partition by versions.record_id order by versions.version_no
        ) = 0
),

every_claim as (
    select * from claims
    union all
    select * from records
),

identifiers as (
    select
        subject_key,
        identifier_kind,
        identifier_value,
        min(business_date) as first_seen_date
    from every_claim
    where subject_key is not null and identifier_value is not null
    group by subject_key, identifier_kind, identifier_value
    -- an identifier anchors one subject only: a registration number that several claim goes to the
    -- subject that has nothing else, or to nobody; all other kinds name their subject themselves
    qualify
        subject_key = identifier_kind || ':' || identifier_value
        or min(subject_key) over (partition by identifier_kind, identifier_value)
        = max(subject_key) over (partition by identifier_kind, identifier_value)
),

ranked as (
    select
        *,
        row_number() over (
            partition by subject_key
            order by
                first_seen_date,
                case identifier_kind
                    when 'uscc' then 1 when 'organisation_code' then 2 when 'record' then 4 else 3
                end,
                identifier_value
        ) as anchor_rank
    from identifiers
),

identified as (
    select
        *,
        keyed_id('entity', identifier_kind || ':' || identifier_value) as own_id
    from ranked
)

select
    subject_key,
    identifier_kind,
    identifier_value,
    first_seen_date,
    anchor_rank = 1 as is_anchor,
    own_id,
    first_value(own_id) over (partition by subject_key order by anchor_rank) as entity_id,
    min(first_seen_date) over (partition by subject_key) as subject_seen_date
from identified
