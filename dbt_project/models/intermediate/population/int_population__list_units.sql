{{ config(materialized='touched', of='int_population__touch_records', column='record_id', key='record_id') }}
-- Current mentions without a number, as linking compares them. The unit_id changes with the content.
with current_versions as (
    select *
    from {{ ref('int_population__list_versions') }}
    where {{ touched('int_population__touch_records', 'record_id', 'record_id') }}
    qualify row_number() over (partition by record_id order by version_no desc) = 1
),

units as (
    select
        versions.record_id,
        versions.makes_person,
        versions.number_text,
        {{ prefixed_columns('versions', person_link_columns()) }}
    from current_versions as versions
    where
        versions.record_id in (
            select {{ record_id('mentions') }}
            from {{ ref('int_population__list_mentions') }} as mentions
        )
        and versions.record_id not in (
            select numbered.record_id
            from {{ ref('int_population__number_records') }} as numbered
        )
        -- a void paper says nothing of anybody
        and not versions.is_void
)

select
    md5(
        cast(
            row(record_id, number_text, {{ person_link_columns() | join(', ') }}) as varchar
        )
    ) as unit_id,
    *
from units
