-- Every identifier form seen, to its entity. A value that was seen with several entities belongs to
-- the one it was seen with last.
with versions as (
    select
        versions.*,
        anchors.entity_id
    from {{ ref('int_legal_entity__list_versions') }} as versions
    inner join {{ ref('int_legal_entity__settle_records') }} as links
        on versions.extract = links.extract and versions.record_key = links.record_key
    inner join {{ ref('int_legal_entity__anchor_subjects') }} as anchors
        on
            coalesce('organisation_code:' || versions.subject_code, links.subject_key)
            = anchors.subject_key
            and anchors.is_anchor
    -- a code that no current record carries any more makes no entity
    where
        anchors.entity_id in (
            select entities.entity_id from {{ ref('legal_entity__legal_entity') }} as entities
        )
),

by_kind as (
    {% for kind in ['uscc', 'organisation_code', 'registration_no', 'entity_no', 'taxpayer_id'] %}
        select
            '{{ kind }}' as identifier_kind,
            {{ kind }} as identifier_value,
            extract,
            entity_id,
            business_date,
            updated_at
        from versions
        where {{ kind }} is not null
        union all
    {% endfor %}
    -- records that were somebody before they had a code
    select
        identifier_kind,
        identifier_value,
        string_split(identifier_value, '|')[1] as extract,
        entity_id,
        first_seen_date as business_date,
        cast(first_seen_date as timestamp) as updated_at
    from {{ ref('int_legal_entity__anchor_subjects') }}
    where
        identifier_kind = 'record'
        and entity_id in (
            select entities.entity_id from {{ ref('legal_entity__legal_entity') }} as entities
        )
),

per_entity as (
    select
        identifier_kind,
        identifier_value,
        extract,
        entity_id,
        min(business_date) as first_seen_date,
        max(business_date) as last_seen_date,
        max(updated_at) as last_updated_at
    from by_kind
    group by identifier_kind, identifier_value, extract, entity_id
)

select
    identifier_kind,
    identifier_value,
    extract,
    entity_id,
    first_seen_date,
    last_seen_date
from per_entity
qualify
    row_number() over (
        partition by identifier_kind, identifier_value, extract
        order by last_seen_date desc, last_updated_at desc, entity_id asc
    ) = 1
