{{ config(materialized='touched', of='int_population__touch_records', column='record_id', key='record_id') }}
-- Two numbers of one person: the police corrected the number of a registration, or a person decided.
-- A correction counts when name or birth date agree between the versions, nobody else is registered
-- under the old number or was under another corrected one, no other source knows it with another name,
-- and no person decided otherwise; why one does not count stands in refused_because.
with versions as (
    select
        record_id,
        record_key,
        resident_id,
        birth_date,
        {{ comparable_person_name('name') }} as name_key,
        version_no,
        business_date
    from {{ ref('int_population__list_versions') }}
    where
        extract = 'population/household_registration'
        and resident_id is not null
        and {{ touched('int_population__touch_records', 'record_id', 'record_id') }}
),

numbered as (
    select * from {{ ref('int_population__number_records') }}
    where left_by is null and {{ touched('int_population__touch_records', 'record_id', 'record_id') }}
),

registered as (
    select
        record_id,
        resident_id
    from numbered
    where starts_with(record_id, 'population/household_registration|')
),

changes as (
    select
        olds.record_id,
        olds.record_key,
        olds.resident_id as old_number,
        news.resident_id as new_number,
        min(news.business_date) as since,
        coalesce(
            bool_or(olds.name_key = news.name_key or olds.birth_date = news.birth_date), false
        ) as is_alike
    from versions as olds
    inner join versions as news
        on olds.record_id = news.record_id and olds.resident_id <> news.resident_id
    inner join registered
        on news.record_id = registered.record_id and news.resident_id = registered.resident_id
    group by all
),

told_apart as (
    select
        lefts.resident_id as one,
        rights.resident_id as other
    from {{ source('raw', 'link_decision') }} as decisions
    inner join numbered as lefts on decisions.left_record = lefts.record_id
    inner join numbered as rights on decisions.right_record = rights.record_id
    where decisions.domain = 'population' and decisions.verdict = 'different'
),

-- names under which other sources know a number, that no version of the registration bears
other_names as (
    select distinct
        changes.record_id,
        changes.old_number
    from changes
    inner join {{ ref('int_population__list_mentions') }} as mentions
        on changes.old_number = mentions.resident_id
    anti join versions
        on
            changes.record_id = versions.record_id
            and {{ comparable_person_name('mentions.name') }} = versions.name_key
    where
        mentions.name is not null
        and {{ touched('int_population__touch_records', 'record_id', record_id('mentions')) }}
),

judged as (
    select
        changes.*,
        case
            when not changes.is_alike then '姓名、出生日期均不同'
            when changes.old_number in (select still.resident_id from registered as still)
                then '旧号码仍有他人登记'
            when count(distinct changes.new_number) over (partition by changes.old_number) > 1
                then '旧号码更正为多个号码'
            when
                row(changes.record_id, changes.old_number)
                in (select row(others.record_id, others.old_number) from other_names as others)
                then '旧号码在其他部门另有姓名'
            when
                row(changes.old_number, changes.new_number)
                in (
                    select row(apart.one, apart.other) from told_apart as apart
                    union all
                    select row(apart.other, apart.one) from told_apart as apart
                )
                then '人工认定不是同一人'
        end as refused_because
    from changes
),

decided as (
    select
        decisions.left_record as record_id,
        lefts.resident_id as old_number,
        rights.resident_id as new_number,
        cast(decisions.decided_at as date) as since,
        decisions.decided_by
    from {{ source('raw', 'link_decision') }} as decisions
    inner join numbered as lefts on decisions.left_record = lefts.record_id
    inner join numbered as rights on decisions.right_record = rights.record_id
    where
        decisions.domain = 'population'
        and decisions.verdict = 'same'
        and lefts.resident_id <> rights.resident_id
)

select
    '号码更正' as reason,
    record_id,
    old_number,
    new_number,
    since,
    refused_because,
    cast(null as varchar) as decided_by
from judged
union all by name
select
    '人工认定' as reason,
    *,
    cast(null as varchar) as refused_because
from decided
