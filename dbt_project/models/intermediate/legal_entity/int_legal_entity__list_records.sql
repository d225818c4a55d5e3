-- The current records of the four registers in one shape: who they speak of and whether he is in force.
-- What they say of each attribute is in the survivorship matrix. source_rank is the fixed order of
-- sources: the registering authority before the tax office.
with enterprises as (
    select
        'legal_entity/enterprise_registration' as extract,
        1 as source_rank,
        entity_no as record_key,
        uscc,
        registration_no,
        name,
        legal_representative_name,
        {{ resident_number('legal_representative_id', 'legal_representative_id_type') }}
            as legal_representative_number,
        registration_status_code,
        updated_at,
        provider, delivery_id, line, business_date
    from {{ ref('stg_legal_entity__enterprise_registration') }}
),

{% for name, rank in [('public_institution', 2), ('social_organisation', 3)] %}
    {{ name }}s as (
        select
            'legal_entity/{{ name }}' as extract,
            {{ rank }} as source_rank,
            uscc as record_key,
            uscc,
            name,
            legal_representative_name,
            {{ registration_status('status') }} as registration_status_code,
            is_listed,
            is_stale,
            provider, delivery_id, line, business_date
        from {{ ref('stg_legal_entity__' ~ name) }}
    ),
{% endfor %}

taxpayers as (
    select
        'legal_entity/tax_registration' as extract,
        4 as source_rank,
        taxpayer_id as record_key,
        {{ uscc_of_taxpayer('taxpayer_id') }} as uscc,
        taxpayer_name as name,
        legal_representative_name,
        taxpayer_status,
        updated_at,
        provider, delivery_id, line, business_date
    from {{ ref('stg_legal_entity__tax_registration') }}
),

records as (
    select * from enterprises
    union all by name
    select * from public_institutions
    union all by name
    select * from social_organisations
    union all by name
    select * from taxpayers
)

select * replace (coalesce(updated_at, cast(business_date as timestamp)) as updated_at)
from records
