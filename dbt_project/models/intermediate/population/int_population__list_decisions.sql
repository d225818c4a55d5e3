-- What people decided of records without a number, against a subject or another such record.
with decisions as (
    select
        left_record,
        right_record,
        verdict,
        decided_by,
        decided_at
    from {{ source('raw', 'link_decision') }}
    where domain = 'population'
    union
    select
        right_record as left_record,
        left_record as right_record,
        verdict,
        decided_by,
        decided_at
    from {{ source('raw', 'link_decision') }}
    where domain = 'population'
),

subjects as (
    select
        numbered.record_id,
        joined.subject_key
    from {{ ref('int_population__number_records') }} as numbered
    inner join {{ ref('int_population__join_numbers') }} as joined
        on numbered.resident_id = joined.resident_id
    where numbered.left_by is null
)

select
    units.record_id,
    subjects.subject_key,
    case when subjects.subject_key is null then decisions.right_record end as other_record_id,
    -- of several decisions on one subject the last one counts
    arg_max(decisions.verdict, row(decisions.decided_at, decisions.right_record)) as verdict,
    arg_max(decisions.decided_by, row(decisions.decided_at, decisions.right_record)) as decided_by,
    max(cast(decisions.decided_at as date)) as decided_date
from decisions
inner join {{ ref('int_population__list_units') }} as units
    on decisions.left_record = units.record_id
left join subjects on decisions.right_record = subjects.record_id
left join {{ ref('int_population__list_units') }} as others
    on decisions.right_record = others.record_id
where subjects.record_id is not null or others.record_id is not null
group by all
