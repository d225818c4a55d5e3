{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="extract || '|' || record_key"
) }}
-- The mentions of civil affairs and health: marriages, deaths, cremations, births. Their records
-- carry no time of update; the delivery's business date stands for it.
{% set validity = "case when certificate_status = '作废' then 1 else 0 end" %}
with marriages as (
    {% for spouse, role in [('husband', '男方'), ('wife', '女方')] %}
        {{ mention(
            'population/marriage_registration', 'registration_no', 3,
            spouse ~ '_resident_id', spouse ~ '_id_type', role, spouse ~ '_name'
        ) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

deaths as (
    {{ mention(
        'population/death_certificate', 'certificate_no', 4, 'resident_id',
        sex_code='sex_code', birth_date='birth_date', validity_rank=validity
    ) }}
),

cremations as (
    {{ mention(
        'population/cremation', 'cremation_no', 5, 'resident_id', 'id_type', sex_code='sex_code'
    ) }}
),

parents as (
    {% for parent, role in [('mother', '母亲'), ('father', '父亲')] %}
        {{ mention(
            'population/birth_certificate', 'certificate_no', 6,
            parent ~ '_resident_id', parent ~ '_id_type', role, parent ~ '_name',
            validity_rank=validity
        ) }}
        -- a certificate without any word of the father mentions none
        and ({{ parent }}_name is not null or {{ parent }}_resident_id is not null)
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
),

newborn as (
    {{ mention(
        'population/birth_certificate', 'certificate_no', 6, role='新生儿',
        sex_code='sex_code', birth_date='cast(born_at as date)', validity_rank=validity
    ) }}
)

select * from marriages
union all by name
select * from deaths
union all by name
select * from cremations
union all by name
select * from parents
union all by name
select * from newborn
