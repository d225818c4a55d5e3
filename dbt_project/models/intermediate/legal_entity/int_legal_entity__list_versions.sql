-- Every version of every record ever accepted, with the identifiers it carried. Ids hang on what was
-- seen first, so what a later row replaced must still count: the model reads the raw rows itself.
with enterprises as (
    select
        'legal_entity/enterprise_registration' as extract,
        entity_no as record_key,
        uscc,
        substr(uscc, 9, 9) as organisation_code,
        registration_no,
        entity_no,
        cast(null as varchar) as taxpayer_id,
        business_date,
        updated_at,
        line,
        delivery_order,
        delivery_id
    from {{ source('raw', 'legal_entity__enterprise_registration') }}
    where operation <> 'D'
),

listed as (
    {% for name in ['public_institution', 'social_organisation'] %}
        select
            'legal_entity/{{ name }}' as extract,
            uscc as record_key,
            uscc,
            substr(uscc, 9, 9) as organisation_code,
            business_date,
            line,
            delivery_order,
            delivery_id
        from {{ source('raw', 'legal_entity__' ~ name) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

taxpayers as (
    select
        'legal_entity/tax_registration' as extract,
        taxpayer_id as record_key,
        {{ uscc_of_taxpayer('taxpayer_id') }} as uscc,
        {{ organisation_code_of_taxpayer('taxpayer_id') }} as organisation_code,
        case when length(taxpayer_id) = 15 then taxpayer_id end as taxpayer_id,
        business_date,
        updated_at,
        line,
        delivery_order,
        delivery_id
    from {{ source('raw', 'legal_entity__tax_registration') }}
    where operation <> 'D'
),

versions as (
    select * from enterprises
    union all by name
    select * from listed
    union all by name
    select * from taxpayers
)

select
    extract,
    record_key,
    uscc,
    organisation_code,
    registration_no,
    entity_no,
    taxpayer_id,
    business_date,
    coalesce(updated_at, cast(business_date as timestamp)) as updated_at,
    row_number() over (
        partition by extract, record_key
        order by business_date, updated_at nulls first, line, delivery_order, delivery_id
    ) as version_no
from versions
