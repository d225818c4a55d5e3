-- Every version of every record ever accepted, with the identifiers it carried; subject_code is the code
-- that the entity has today, where it was corrected. Ids hang on what was
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
    versions.extract,
    versions.record_key,
    versions.uscc,
    versions.organisation_code,
    coalesce(corrected.new_code, versions.organisation_code) as subject_code,
    versions.registration_no,
    versions.entity_no,
    versions.taxpayer_id,
    versions.business_date,
    coalesce(versions.updated_at, cast(versions.business_date as timestamp)) as updated_at,
    row_number() over (
        partition by versions.extract, versions.record_key
        order by
            versions.business_date,
            versions.updated_at nulls first,
            versions.line,
            versions.delivery_order,
            versions.delivery_id
    ) as version_no
from versions
left join {{ ref('int_legal_entity__correct_codes') }} as corrected
    on
        versions.organisation_code
        = case when corrected.refused_because is null then corrected.old_code end
