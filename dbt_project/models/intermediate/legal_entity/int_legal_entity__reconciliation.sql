-- Per extract: how many rows came, what became of them. The gate holds it against the ledger. Every
-- current record mentions one entity.
with extracts as (
    {% for name in [
        'enterprise_registration', 'public_institution', 'social_organisation', 'tax_registration',
    ] %}
        select
            'legal_entity/{{ name }}' as extract,
            (select count(*) from {{ source('raw', 'legal_entity__' ~ name) }}) as raw_rows,
            (select count(*) from {{ ref('stg_legal_entity__' ~ name) }}) as current_records
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

mentions as (
    select
        extract,
        count(*) as mentions
    from {{ ref('int_legal_entity__list_records') }}
    group by extract
),

identified as (
    select
        extract,
        count(*) as identified
    from {{ ref('int_legal_entity__rank_records') }}
    group by extract
)

select
    extracts.extract,
    extracts.raw_rows,
    extracts.current_records,
    coalesce(mentions.mentions, 0) as mentions,
    coalesce(identified.identified, 0) as identified,
    coalesce(mentions.mentions, 0) - coalesce(identified.identified, 0) as unresolved
from extracts
left join mentions on extracts.extract = mentions.extract
left join identified on extracts.extract = identified.extract
