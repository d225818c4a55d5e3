-- What the departments' records, held against each other, contradict: every open objection of every
-- library and theme whose two sides stand in different resources, in one table. What a department is
-- asked, it reads in its sheet of objections under the same id.
{%- set domains = [
    'population', 'legal_entity', 'e_licence', 'geospatial', 'social_security', 'credit', 'cross_theme',
] %}
with objections as (
    {%- for domain in domains %}
        select
            '{{ domain }}' as domain,
            *
        from {{ ref(domain ~ '__objection') }}
        {{ 'union all by name' if not loop.last }}
    {%- endfor %}
)

select
    domain,
    objection_id,
    rule_id,
    provider,
    extract,
    record_key,
    attribute,
    value_seen,
    evidence,
    opened_date,
    counterpart_extract,
    counterpart_record_key,
    person_id,
    entity_id
from objections
-- of a record that no register knows the other side is the register that does not know it
where extract <> counterpart_extract or rule_id in ('R-SOC-04', 'R-XT-03')
