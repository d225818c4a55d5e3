-- The current records of the four registers in one shape. source_rank is the fixed order of
-- sources: the registering authority before the tax office.
with enterprises as (
    select
        'legal_entity/enterprise_registration' as extract,
        1 as source_rank,
        entity_no as record_key,
        uscc,
        registration_no,
        name,
        {{ enterprise_kind('entity_type_code', 'uscc') }} as entity_kind,
        {{ enterprise_is_legal_person('entity_type_code', 'uscc') }} as is_legal_person,
        entity_type_code,
        legal_representative_name,
        {{ resident_number('legal_representative_id', 'legal_representative_id_type') }}
            as legal_representative_number,
        {{ enterprise_capital_cny() }} as registered_capital_cny,
        industry_code,
        address,
        division_code,
        registration_status_code,
        established_date,
        closed_date,
        updated_at,
        provider, delivery_id, line, business_date
    from {{ ref('stg_legal_entity__enterprise_registration') }}
),

{% for name, rank, kind, funds in [
    ('public_institution', 2, 'institution_kind', 'initial_funds'),
    ('social_organisation', 3, 'organisation_kind', 'registered_funds'),
] %}
    {{ name }}s as (
        select
            'legal_entity/{{ name }}' as extract,
            {{ rank }} as source_rank,
            uscc as record_key,
            uscc,
            name,
            {{ kind }} as entity_kind,
            true as is_legal_person,
            legal_representative_name,
            {{ ten_thousand_yuan(funds) }} as registered_capital_cny,
            address,
            division_code,
            case status when '正常' then '1' when '注销' then '3' when '撤销' then '5' end
                as registration_status_code,
            established_date,
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
        {{ organisation_code_of_taxpayer('taxpayer_id') }} as organisation_code,
        taxpayer_name as name,
        '其他' as entity_kind,
        legal_representative_name,
        taxpayer_status,
        tax_credit_rating,
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

select
    * replace (
        coalesce(organisation_code, substr(uscc, 9, 9)) as organisation_code,
        coalesce(updated_at, cast(business_date as timestamp)) as updated_at
    )
from records
