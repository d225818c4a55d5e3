-- Current records that no code names, or only a registration number that nobody else carries, as
-- linking compares them. A natural person who pays tax is no legal entity.
with current_versions as (
    select *
    from {{ ref('int_legal_entity__describe_records') }}
    qualify row_number() over (partition by record_id order by version_no desc) = 1
)

select
    md5(
        cast(
            row(versions.record_id, {{ prefixed_columns('versions', entity_link_columns()) }})
            as varchar
        )
    ) as unit_id,
    versions.record_id,
    versions.extract,
    versions.record_key,
    versions.makes_entity,
    links.subject_key as own_subject_key,
    {{ prefixed_columns('versions', entity_link_columns()) }}
from current_versions as versions
inner join {{ ref('int_legal_entity__link_records') }} as links
    on versions.extract = links.extract and versions.record_key = links.record_key
inner join {{ ref('int_legal_entity__list_records') }} as records
    on versions.extract = records.extract and versions.record_key = records.record_key
where
    (links.subject_key is null or starts_with(links.subject_key, 'registration_no:'))
    and not (
        versions.extract = 'legal_entity/tax_registration' and length(versions.record_key) = 20
    )
