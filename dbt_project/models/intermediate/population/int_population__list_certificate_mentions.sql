-- The mentions of civil affairs and health: marriages, deaths, cremations, births. Their records
-- carry no time of update; the delivery's business date stands for it.
with marriages as (
    {% for spouse, role in [('husband', '男方'), ('wife', '女方')] %}
        select
            'population/marriage_registration' as extract,
            registration_no as record_key,
            '{{ role }}' as role,
            '{{ spouse }}_name' as name_attribute,
            3 as source_rank,
            0 as validity_rank,
            {{ spouse }}_id_type as id_type,
            {{ resident_number(spouse ~ '_resident_id', spouse ~ '_id_type') }} as resident_id,
            {{ spouse }}_name as name,
            cast(null as varchar) as sex_code,
            cast(null as date) as birth_date,
            provider,
            delivery_id,
            line,
            business_date
        from {{ ref('stg_population__marriage_registration') }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

deaths as (
    select
        'population/death_certificate' as extract,
        certificate_no as record_key,
        '本人' as role,
        'name' as name_attribute,
        4 as source_rank,
        case when certificate_status = '作废' then 1 else 0 end as validity_rank,
        cast(null as varchar) as id_type,
        {{ resident_number('resident_id') }} as resident_id,
        name,
        sex_code,
        birth_date,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_population__death_certificate') }}
),

cremations as (
    select
        'population/cremation' as extract,
        cremation_no as record_key,
        '本人' as role,
        'name' as name_attribute,
        5 as source_rank,
        0 as validity_rank,
        id_type,
        {{ resident_number('resident_id', 'id_type') }} as resident_id,
        name,
        sex_code,
        cast(null as date) as birth_date,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_population__cremation') }}
),

births as (
    {% for parent, role in [('mother', '母亲'), ('father', '父亲')] %}
        select
            'population/birth_certificate' as extract,
            certificate_no as record_key,
            '{{ role }}' as role,
            '{{ parent }}_name' as name_attribute,
            6 as source_rank,
            case when certificate_status = '作废' then 1 else 0 end as validity_rank,
            {{ parent }}_id_type as id_type,
            {{ resident_number(parent ~ '_resident_id', parent ~ '_id_type') }} as resident_id,
            {{ parent }}_name as name,
            cast(null as varchar) as sex_code,
            cast(null as date) as birth_date,
            provider,
            delivery_id,
            line,
            business_date
        from {{ ref('stg_population__birth_certificate') }}
        -- a certificate without any word of the father mentions none
        where {{ parent }}_name is not null or {{ parent }}_resident_id is not null
        union all by name
    {% endfor %}
    select
        'population/birth_certificate' as extract,
        certificate_no as record_key,
        '新生儿' as role,
        'name' as name_attribute,
        6 as source_rank,
        case when certificate_status = '作废' then 1 else 0 end as validity_rank,
        cast(null as varchar) as id_type,
        cast(null as varchar) as resident_id,
        name,
        sex_code,
        cast(born_at as date) as birth_date,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_population__birth_certificate') }}
),

everyone as (
    select * from marriages
    union all by name
    select * from deaths
    union all by name
    select * from cremations
    union all by name
    select * from births
)

select
    *,
    cast(null as varchar) as ethnic_code,
    cast(business_date as timestamp) as updated_at
from everyone
