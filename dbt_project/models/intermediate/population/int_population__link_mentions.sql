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
),

-- a record or a group of records that is nobody known makes a person if one of them may
makers as (
    select outcomes.group_id
    from {{ ref('int_population__decide_links') }} as outcomes
    inner join {{ ref('int_population__list_units') }} as units
        on outcomes.record_id = units.record_id
    where units.makes_person and {{ says_enough('units') }}
    group by outcomes.group_id
),

decided as (
    select
        outcomes.record_id,
        coalesce(outcomes.subject_key, 'record:' || makers.group_id) as subject_key,
        case
            when outcomes.subject_key is null then 'own_record'
            else outcomes.link_kind
        end as link_kind,
        outcomes.match_probability,
        outcomes.model_version
    from {{ ref('int_population__decide_links') }} as outcomes
    left join makers on outcomes.group_id = makers.group_id
    where outcomes.subject_key is not null or makers.group_id is not null
),

deciders as (
    select
        record_id,
        subject_key,
        arg_max(decided_by, row(decided_date, decided_by)) as decided_by
    from {{ ref('int_population__list_decisions') }}
    where verdict = 'same' and subject_key is not null
    group by all
),

links as (
    select * from numbered
    union all by name
    select
        decided.*,
        case when decided.link_kind = 'decision' then deciders.decided_by end as decided_by
    from decided
    left join deciders
        on
            decided.record_id = deciders.record_id
            and decided.subject_key = deciders.subject_key
)

select
    mentions.extract,
    mentions.record_key,
    mentions.role,
    links.*
from {{ ref('int_population__list_mentions') }} as mentions
inner join links on {{ record_id('mentions') }} = links.record_id
