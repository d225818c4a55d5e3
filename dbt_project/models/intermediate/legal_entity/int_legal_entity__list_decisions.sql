-- What people decided of records without a code, against an entity or another such record.
with sides as (
    select
        unnest([left_record, right_record]) as record_id,
        unnest([right_record, left_record]) as other_record_id,
        verdict,
        decided_by,
        decided_at
    from {{ source('raw', 'link_decision') }}
    where domain = 'legal_entity'
),

subjects as (
    select
        extract || '|' || record_key || '|主体' as record_id,
        subject_key
    from {{ ref('int_legal_entity__link_records') }}
    where starts_with(subject_key, 'organisation_code:')
)

select
    sides.record_id,
    subjects.subject_key,
    case when subjects.subject_key is null then sides.other_record_id end as other_record_id,
    -- of several decisions on one entity the last one counts
    arg_max(sides.verdict, row(sides.decided_at, sides.other_record_id)) as verdict,
    arg_max(sides.decided_by, row(sides.decided_at, sides.other_record_id)) as decided_by,
    cast(max(sides.decided_at) as date) as decided_date
from sides
inner join {{ ref('int_legal_entity__list_units') }} as units on sides.record_id = units.record_id
left join subjects on sides.other_record_id = subjects.record_id
left join {{ ref('int_legal_entity__list_units') }} as others
    on sides.other_record_id = others.record_id
where subjects.record_id is not null or others.record_id is not null
group by all
