-- R-LE-03: one registration number with two entities. The record with the smallest key that has an
-- entity stands for the number (a choice that no later delivery moves); the others are asked about,
-- and so is every record that the number leaves without an entity.
with numbered as (
    select
        records.extract,
        records.record_key,
        records.registration_no,
        records.provider,
        records.business_date,
        links.subject_key,
        links.is_ambiguous,
        ranked.entity_id
    from {{ ref('int_legal_entity__list_records') }} as records
    inner join {{ ref('int_legal_entity__link_records') }} as links
        on records.extract = links.extract and records.record_key = links.record_key
    left join {{ ref('int_legal_entity__rank_records') }} as ranked
        on records.extract = ranked.extract and records.record_key = ranked.record_key
    where records.registration_no is not null
),

first_bearers as (
    select * from numbered
    where subject_key is not null
    qualify row_number() over (partition by registration_no order by extract, record_key) = 1
)

select
    'R-LE-03' as rule_id,
    numbered.entity_id,
    numbered.provider,
    numbered.extract,
    numbered.record_key,
    'registration_no' as attribute,
    numbered.registration_no as value_seen,
    '同一注册号另属一个主体' as evidence,
    greatest(
        numbered.business_date, coalesce(first_bearers.business_date, numbered.business_date)
    ) as opened_date,
    coalesce(first_bearers.extract, numbered.extract) as counterpart_extract,
    first_bearers.record_key as counterpart_record_key
from numbered
left join first_bearers on numbered.registration_no = first_bearers.registration_no
where numbered.is_ambiguous or numbered.subject_key <> first_bearers.subject_key
