{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="extract || '|' || record_key"
) }}
-- Every version of every mention of a person that was ever accepted, with all that linking compares.
-- Ids hang on what was seen first, and numbers that later rows lost must still count, so the model
-- reads the raw rows itself.
with versions as (
    {% for role in person_roles() %}
        {{ person_versions(role) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    versions.* replace (
        coalesce(
            versions.birth_date,
            case
                when regexp_full_match(versions.number_text, '[0-9]{14}.*')
                    then {{ birth_date_of_number('versions.number_text') }}
            end
        ) as birth_date
    ),
    {{ record_id('versions') }} as record_id
from versions
