-- The ways in which coded records ever described an entity of a current record.
with coded as (
    select
        links.extract,
        links.record_key,
        links.subject_key
    from {{ ref('int_legal_entity__link_records') }} as links
    inner join {{ ref('int_legal_entity__list_records') }} as records
        on links.extract = records.extract and links.record_key = records.record_key
    where starts_with(links.subject_key, 'organisation_code:')
),

profiles as (
    select
        coded.subject_key,
        {{ prefixed_columns('versions', entity_link_columns()) }},
        min(versions.record_id) as record_id
    from {{ ref('int_legal_entity__describe_records') }} as versions
    inner join coded
        on versions.extract = coded.extract and versions.record_key = coded.record_key
    group by all
)

select
    md5(
        cast(row(subject_key, {{ entity_link_columns() | join(', ') }}) as varchar)
    ) as unit_id,
    *
from profiles
