-- Mentions in records about which something came since the last build: where a night's work begins.
-- Empty where everything is made anew.
with records as (
    {% for extract, key in survivorship('population')['keys'].items() %}
        {{ touched_records(extract, key) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

roles as (
    {% for told in person_roles() %}
        select
            '{{ told.extract }}' as extract,
            '{{ told.role }}' as role
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    records.extract,
    records.record_key,
    roles.role,
    records.extract || '|' || records.record_key as record,
    records.extract || '|' || records.record_key || '|' || roles.role as record_id
from records
inner join roles on records.extract = roles.extract
