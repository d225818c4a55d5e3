{{ config(materialized='touched', of='int_population__touch_links', column='record_id', key='record_id') }}
-- Which subject each current mention speaks of, and how that is known. Exact links come first: only
-- mentions without a number were compared, so likelihood overrules none.
with numbered as (
    select
        numbers.record_id,
        case
            when numbers.left_by is not null then 'record:' || numbers.record_id
            else joined.subject_key
        end as subject_key,
        case
            when numbers.left_by is not null then 'decision'
            when numbers.is_earlier then 'earlier_version'
            when joined.is_replaced then 'corrected_number'
            else 'number'
        end as link_kind,
        numbers.left_by as decided_by
    from {{ ref('int_population__number_records') }} as numbers
    inner join {{ ref('int_population__join_numbers') }} as joined
        on numbers.resident_id = joined.resident_id
    where {{ touched('int_population__touch_links', 'record_id', 'numbers.record_id') }}
),

links as (
    select * from numbered
    union all by name
    select * from {{ ref('int_population__link_units') }}
    where {{ touched('int_population__touch_links', 'record_id', 'record_id') }}
)

select
    mentions.extract,
    mentions.record_key,
    mentions.role,
    links.*
from {{ ref('int_population__list_mentions') }} as mentions
inner join links on {{ record_id('mentions') }} = links.record_id
where {{ touched('int_population__touch_links', 'record_id', record_id('mentions')) }}
