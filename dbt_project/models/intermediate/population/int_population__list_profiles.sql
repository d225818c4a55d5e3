{{ config(
    materialized='touched', of='int_population__touch_records', column='resident_id',
    key='number_text'
) }}
-- The ways in which numbered records ever described somebody whom a current record mentions: what
-- records without a number are compared with. A record that left its number describes nobody there.
with numbered as (
    select * from {{ ref('int_population__number_records') }}
    where left_by is null and {{ touched('int_population__touch_records', 'record_id', 'record_id') }}
),

subjects as (
    select
        joined.resident_id,
        joined.subject_key
    from {{ ref('int_population__join_numbers') }} as joined
    where
        {{ touched('int_population__touch_records', 'resident_id', 'joined.resident_id') }}
        and joined.subject_key in (
            select present.subject_key
            from {{ ref('int_population__join_numbers') }} as present
            inner join numbered on present.resident_id = numbered.resident_id
        )
),

profiles as (
    select
        subjects.resident_id as number_text,
        subjects.subject_key,
        {{ prefixed_columns('versions', person_link_columns()) }},
        min(versions.record_id) as record_id
    from {{ ref('int_population__list_versions') }} as versions
    inner join subjects on versions.resident_id = subjects.resident_id
    where
        versions.name is not null
        and {{ touched('int_population__touch_records', 'record_id', 'versions.record_id') }}
        and versions.record_id not in (
            select gone.record_id from {{ ref('int_population__number_records') }} as gone
            where gone.left_by is not null
        )
    group by all
)

select
    md5(
        cast(row(number_text, {{ person_link_columns() | join(', ') }}) as varchar)
    ) as unit_id,
    *
from profiles
