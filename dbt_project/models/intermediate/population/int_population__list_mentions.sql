-- One row per person mentioned by a current record: the record, the person's role in it, and what
-- the record says of the person. source_rank is the fixed order of sources (survivorship).
with registrations as (
    select
        'population/household_registration' as extract,
        person_no as record_key,
        '本人' as role,
        'name' as name_attribute,
        1 as source_rank,
        -- a cancelled or void record speaks last among its own kind
        case when registration_status = '正常' then 0 else 1 end as validity_rank,
        cast(null as varchar) as id_type,
        {{ resident_number('resident_id') }} as resident_id,
        name,
        sex_code,
        ethnic_code,
        birth_date,
        updated_at,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_population__household_registration') }}
),

permits as (
    select
        'population/residence_permit' as extract,
        registration_no as record_key,
        '本人' as role,
        'name' as name_attribute,
        2 as source_rank,
        case when status = '有效' then 0 else 1 end as validity_rank,
        cast(null as varchar) as id_type,
        {{ resident_number('resident_id') }} as resident_id,
        name,
        sex_code,
        ethnic_code,
        cast(null as date) as birth_date,
        updated_at,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_population__residence_permit') }}
),

certified as (
    select * from {{ ref('int_population__list_certificate_mentions') }}
)

select * from registrations
union all by name
select * from permits
union all by name
select * from certified
