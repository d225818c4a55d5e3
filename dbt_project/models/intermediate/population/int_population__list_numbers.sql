{{ config(
    materialized='touched', of='stg_population__touch_keys', column='record',
    key="extract || '|' || record_key"
) }}
-- Every resident number that a mention ever bore, also in rows that count no more.
with given as (
    {% for told in person_roles() if told.get('number') %}
        {% set table = told.extract | replace('/', '__') %}
        {% for rows in [source('raw', table), source('raw', 'past__' ~ table)] %}
            select
                '{{ told.extract }}' as extract,
                {{ told.key }} as record_key,
                '{{ told.role }}' as role,
                {{ resident_number(told.number, told.get('id_type')) }} as resident_id,
                business_date
            from {{ rows }}
            where {{ touched_key(told.extract, told.key) }}
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    given.extract,
    given.record_key,
    given.role,
    {{ record_id('given') }} as record_id,
    given.resident_id,
    max(given.business_date) as last_date
from given
where given.resident_id is not null
group by all
