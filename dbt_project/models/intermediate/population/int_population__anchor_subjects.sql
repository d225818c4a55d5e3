{{ config(
    materialized='touched', of='int_population__touch_subjects', column='subject_key',
    key='subject_key'
) }}
-- Every identifier that could have given a subject its id, and the one that does: the first seen by
-- (business date, kind rank, value), numbers before records. A record is such an identifier when it
-- said enough to be somebody before it had a number, stands by itself after it lost it, or left it.
with links as (
    select * from {{ ref('int_population__link_mentions') }}
    where {{ touched('int_population__touch_subjects', 'subject_key', 'subject_key') }}
),

numbers as (
    select
        subject_key,
        'resident_id' as identifier_kind,
        resident_id as identifier_value,
        first_seen_date,
        reason,
        joined_date
    from {{ ref('int_population__join_numbers') }}
    where {{ touched('int_population__touch_subjects', 'subject_key', 'subject_key') }}
),

unnumbered as (
    select
        versions.record_id,
        min(versions.business_date) filter (
            where versions.makes_person and not versions.is_void and {{ says_enough('versions') }}
        ) as first_seen_date
    from (
        select
            *,
            min(version_no) filter (where resident_id is not null)
                over (partition by record_id) as first_numbered,
            max(version_no) filter (where resident_id is not null)
                over (partition by record_id) as last_numbered
        from {{ ref('int_population__list_versions') }}
        where record_id in (select links.record_id from links)
    ) as versions
    where
        versions.first_numbered is null
        or versions.version_no < versions.first_numbered
        -- a record that lost its number, and that nothing else tells whose it is
        or (
            versions.version_no > versions.last_numbered
            and versions.record_id in (
                select links.record_id from links
                where links.link_kind = 'own_record'
            )
        )
    group by versions.record_id
),

splits as (
    select
        numbers.record_id,
        min(versions.business_date) as first_seen_date
    from {{ ref('int_population__number_records') }} as numbers
    inner join {{ ref('int_population__list_versions') }} as versions
        on numbers.record_id = versions.record_id
    where numbers.left_by is not null and numbers.record_id in (select links.record_id from links)
    group by numbers.record_id
),

records as (
    select
        links.subject_key,
        'record' as identifier_kind,
        links.record_id as identifier_value,
        coalesce(splits.first_seen_date, unnumbered.first_seen_date) as first_seen_date,
        case links.link_kind
            when 'decision' then '人工认定'
            when 'number' then '取得号码'
            when 'corrected_number' then '取得号码'
            when 'earlier_version' then '取得号码'
            else '新的关联'
        end as reason,
        coalesce(splits.first_seen_date, unnumbered.first_seen_date) as joined_date
    from links
    left join unnumbered on links.record_id = unnumbered.record_id
    left join splits on links.record_id = splits.record_id
    where coalesce(splits.first_seen_date, unnumbered.first_seen_date) is not null
),

claims as (
    select * from numbers
    union all
    select * from records
),

ranked as (
    select
        *,
        row_number() over (
            partition by subject_key
            order by first_seen_date, identifier_kind = 'record', identifier_value
        ) as anchor_rank,
        keyed_id('person', identifier_kind || ':' || identifier_value) as own_id
    from claims
)

select
    subject_key,
    identifier_kind,
    identifier_value,
    first_seen_date,
    reason,
    joined_date,
    anchor_rank = 1 as is_anchor,
    own_id,
    first_value(own_id) over (partition by subject_key order by anchor_rank) as person_id,
    min(first_seen_date) over (partition by subject_key) as subject_seen_date
from ranked
