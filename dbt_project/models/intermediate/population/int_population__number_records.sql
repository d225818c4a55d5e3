{{ config(materialized='touched', of='int_population__touch_records', column='record_id', key='record_id') }}
-- The resident number of each current mention: its own, else the one its newest earlier version had
-- under the same name. Of two records that bear one number and that a person told apart, the one that
-- is believed less leaves the number (left_by is then the decision).
with earlier as (
    select
        record_id,
        {{ comparable_person_name('name') }} as name_key,
        arg_max(resident_id, version_no) as resident_id
    from {{ ref('int_population__list_versions') }}
    where resident_id is not null and {{ touched('int_population__touch_records', 'record_id', 'record_id') }}
    group by all
),

numbered as (
    select
        {{ record_id('mentions') }} as record_id,
        coalesce(mentions.resident_id, earlier.resident_id) as resident_id,
        mentions.resident_id is null as is_earlier,
        mentions.business_date,
        row_number() over (
            partition by coalesce(mentions.resident_id, earlier.resident_id)
            order by
                mentions.source_rank asc,
                mentions.validity_rank asc,
                mentions.updated_at desc,
                mentions.record_key asc,
                mentions.role asc
        ) as belief
    from {{ ref('int_population__list_mentions') }} as mentions
    left join earlier
        on
            {{ record_id('mentions') }} = earlier.record_id
            and {{ comparable_person_name('mentions.name') }} = earlier.name_key
    where
        (mentions.resident_id is not null or earlier.resident_id is not null)
        and {{ touched('int_population__touch_records', 'record_id', record_id('mentions')) }}
),

told_apart as (
    select
        case when lefts.belief > rights.belief then lefts.record_id else rights.record_id end
            as record_id,
        arg_min(decisions.decided_by, row(decisions.decided_at, decisions.decision_id))
            as decided_by,
        cast(min(decisions.decided_at) as date) as decided_date
    from {{ source('raw', 'link_decision') }} as decisions
    inner join numbered as lefts on decisions.left_record = lefts.record_id
    inner join numbered as rights
        on
            decisions.right_record = rights.record_id
            and lefts.resident_id = rights.resident_id
    where decisions.domain = 'population' and decisions.verdict = 'different'
    group by all
)

select
    numbered.record_id,
    numbered.resident_id,
    numbered.is_earlier,
    numbered.business_date,
    told_apart.decided_by as left_by,
    told_apart.decided_date as left_date
from numbered
left join told_apart on numbered.record_id = told_apart.record_id
