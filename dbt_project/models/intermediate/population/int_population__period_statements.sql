{{ config(
    materialized='touched', of='int_population__touch_persons', column='person_id',
    key='subject_id'
) }}
-- From when until when each statement that still counts holds, and how much it is believed.
{% set known %}(
    select * from {{ ref('int_population__list_statements') }}
    where known_until is null and {{ touched('int_population__touch_persons', 'person_id', 'subject_id') }}
) as known{% endset %}
{{ statement_periods(known, ref('int_population__list_corrections')) }}
