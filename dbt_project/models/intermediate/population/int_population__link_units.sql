-- The subject of each mention without a number, as linking and people decided it.
with
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
)

select
    decided.*,
    case when decided.link_kind = 'decision' then deciders.decided_by end as decided_by
from decided
left join deciders
    on
        decided.record_id = deciders.record_id
        and decided.subject_key = deciders.subject_key
