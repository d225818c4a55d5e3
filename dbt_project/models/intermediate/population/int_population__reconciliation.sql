-- Per extract: how many rows came, what became of them. The gate holds it against the ledger.
with extracts as (
    {% for name in [
        'birth_certificate', 'cremation', 'death_certificate', 'household_registration',
        'marriage_registration', 'residence_permit',
    ] %}
        select
            'population/{{ name }}' as extract,
            (select count(*) from {{ source('raw', 'population__' ~ name) }}) as raw_rows,
            (select count(*) from {{ ref('stg_population__' ~ name) }}) as current_records
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

mentions as (
    select
        extract,
        count(*) as mentions,
        count(resident_id) as identified,
        count(*) - count(resident_id) as unresolved
    from {{ ref('int_population__list_mentions') }}
    group by extract
)

select
    extracts.extract,
    extracts.raw_rows,
    extracts.current_records,
    coalesce(mentions.mentions, 0) as mentions,
    coalesce(mentions.identified, 0) as identified,
    coalesce(mentions.unresolved, 0) as unresolved
from extracts
left join mentions on extracts.extract = mentions.extract
