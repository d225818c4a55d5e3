-- Which subject each record is of in the end, and how that is known: by a code, else as linking
-- decided, else by its own registration number, else by itself where its register may make an entity.
with exact as (
    select * from {{ ref('int_legal_entity__link_records') }}
),

units as (
    select * from {{ ref('int_legal_entity__list_units') }}
),

outcomes as (
    select
        outcomes.*,
        units.extract,
        units.record_key,
        -- of records that are one unknown entity a registration number names it, if one has any
        min(units.own_subject_key) over (partition by outcomes.group_id) as group_subject_key,
        bool_or(units.makes_entity and units.name is not null)
            over (partition by outcomes.group_id) as makes_entity
    from {{ ref('int_legal_entity__decide_links') }} as outcomes
    inner join units on outcomes.record_id = units.record_id
),

deciders as (
    select
        record_id,
        subject_key,
        arg_max(decided_by, row(decided_date, decided_by)) as decided_by
    from {{ ref('int_legal_entity__list_decisions') }}
    where verdict = 'same' and subject_key is not null
    group by all
)

select
    exact.extract,
    exact.record_key,
    exact.registration_no,
    exact.is_ambiguous,
    outcomes.outcome,
    case
        when starts_with(exact.subject_key, 'organisation_code:') then exact.subject_key
        when outcomes.subject_key is not null then outcomes.subject_key
        when outcomes.group_id is null then exact.subject_key
        when outcomes.group_subject_key is not null then outcomes.group_subject_key
        when outcomes.makes_entity then 'record:' || outcomes.group_id
    end as subject_key,
    coalesce(
        outcomes.link_kind,
        case when exact.subject_key is null then 'own_record' else 'code' end
    ) as link_kind,
    outcomes.match_probability,
    outcomes.model_version,
    deciders.decided_by
from exact
left join outcomes
    on exact.extract = outcomes.extract and exact.record_key = outcomes.record_key
left join deciders
    on
        outcomes.record_id = deciders.record_id
        and outcomes.subject_key = deciders.subject_key
        and outcomes.link_kind = 'decision'
