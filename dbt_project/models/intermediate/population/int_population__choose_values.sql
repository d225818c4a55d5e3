{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- One row per person with the chosen value of each attribute. Not from int_population__list_candidates:
-- of a view DuckDB would make every row before it looks which are touched.
{% set statements %}(
    select * from {{ ref('int_population__rank_statements') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'subject_id') }}
){% endset %}
{% set candidates %}(
    {{ list_candidates('population', statements, ref('int_population__list_corrections')) }}
) as candidates{% endset %}
{{ pivot_chosen('population', candidates, 'person_id') }}
