-- Whose every record is that was ever known: by its link; a record that stood only in a delivery that
-- was replaced or withdrawn, by the organisation code in it.
with linked as (
    select
        extract,
        record_key,
        subject_key
    from {{ ref('int_legal_entity__settle_records') }}
),

past as (
    {% for table, key, code in [
        ('enterprise_registration', 'entity_no', 'substr(uscc, 9, 9)'),
        ('public_institution', 'uscc', 'substr(uscc, 9, 9)'),
        ('social_organisation', 'uscc', 'substr(uscc, 9, 9)'),
        ('tax_registration', 'taxpayer_id', organisation_code_of_taxpayer('taxpayer_id')),
    ] %}
        select
            'legal_entity/{{ table }}' as extract,
            {{ key }} as record_key,
            {{ code }} as organisation_code,
            business_date
        from {{ source('raw', 'past__legal_entity__' ~ table) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

former as (
    select
        past.extract,
        past.record_key,
        'organisation_code:'
        || arg_max(past.organisation_code, row(past.business_date, past.organisation_code))
            as subject_key
    from past
    anti join linked on past.extract = linked.extract and past.record_key = linked.record_key
    where past.organisation_code is not null
    group by past.extract, past.record_key
),

records as (
    select * from linked
    union all by name
    select * from former
)

select
    anchors.entity_id,
    records.extract,
    records.record_key
from records
inner join {{ ref('int_legal_entity__anchor_subjects') }} as anchors
    on records.subject_key = anchors.subject_key
where anchors.is_anchor
