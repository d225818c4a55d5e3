{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="extract || '|' || record_key"
) }}
-- One row per person mentioned by a current record: the record, the person's role in it, and what
-- the record says of the person. source_rank is the fixed order of sources (survivorship).
with registrations as (
    {{ mention(
        'population/household_registration', 'person_no', 1, 'resident_id',
        sex_code='sex_code', ethnic_code='ethnic_code', birth_date='birth_date',
        validity_rank="case when registration_status = '正常' then 0 else 1 end",
        updated_at='updated_at'
    ) }}
),

permits as (
    {{ mention(
        'population/residence_permit', 'registration_no', 2, 'resident_id',
        sex_code='sex_code', ethnic_code='ethnic_code',
        validity_rank="case when status = '有效' then 0 else 1 end",
        updated_at='updated_at'
    ) }}
)

select * from registrations
union all by name
select * from permits
union all by name
select * from {{ ref('int_population__list_certificate_mentions') }} as certificates
where {{ touched('stg_population__touch_keys', 'record_id', record_id('certificates')) }}
