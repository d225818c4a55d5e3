{{ config(
    materialized='touched', of='int_population__touch_records', column='resident_id',
    key='resident_id'
) }}
-- Which numbers are one subject: those that corrections and decisions join, else each its own. A
-- subject is called by the smallest of its numbers.
with recursive numbers as (
    select
        identifier_value as resident_id,
        min(first_seen_date) as first_seen_date
    from {{ ref('int_population__list_sightings') }}
    where
        identifier_kind = 'resident_id'
        and {{ touched('int_population__touch_records', 'resident_id', 'identifier_value') }}
    group by identifier_value
),

links as (
    select
        old_number as one,
        new_number as other
    from {{ ref('int_population__correct_numbers') }}
    where refused_because is null
),

edges as (
    select
        one,
        other
    from links
    union
    select
        other as one,
        one as other
    from links
),

walks as (
    select
        one as origin,
        other as reached
    from edges
    union
    select
        walks.origin,
        edges.other as reached
    from walks
    inner join edges on walks.reached = edges.one
),

joined as (
    select
        origin as resident_id,
        min(reached) as smallest
    from walks
    group by origin
),

replaced as (
    select
        old_number,
        arg_min(reason, row(since, reason)) as reason,
        min(since) as since
    from {{ ref('int_population__correct_numbers') }}
    where refused_because is null
    group by old_number
),

joining as (
    select
        number,
        arg_min(reason, row(since, reason)) as reason,
        min(since) as since
    from (
        select
            unnest([old_number, new_number]) as number,
            reason,
            since
        from {{ ref('int_population__correct_numbers') }}
        where refused_because is null
    ) as sides
    group by number
)

select
    numbers.resident_id,
    'resident_id:' || coalesce(joined.smallest, numbers.resident_id) as subject_key,
    numbers.first_seen_date,
    -- of a corrected number the new one too: the id that it would have given was never used
    coalesce(replaced.reason, joining.reason, '新的关联') as reason,
    coalesce(replaced.reason = '号码更正', false) as is_replaced,
    coalesce(joining.since, numbers.first_seen_date) as joined_date
from numbers
left join joined on numbers.resident_id = joined.resident_id
left join replaced on numbers.resident_id = replaced.old_number
left join joining on numbers.resident_id = joining.number
