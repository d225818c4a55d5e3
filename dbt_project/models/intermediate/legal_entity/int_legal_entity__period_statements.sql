{{ config(
    materialized='touched', of='int_legal_entity__touch_entities', column='entity_id',
    key='subject_id'
) }}
-- From when until when each statement that still counts holds, and how much it is believed. A
-- representative stands under the id that he has today.
{% set known %}(
    select * from {{ ref('int_legal_entity__list_statements') }}
    where known_until is null and {{ touched('int_legal_entity__touch_entities', 'entity_id', 'subject_id') }}
) as known{% endset %}
with periods as (
    {{ statement_periods(known, ref('int_legal_entity__list_corrections')) }}
)

{{ with_living_representatives('periods') }}
