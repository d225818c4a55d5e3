{# The whole of int_<domain>__reconciliation: per extract, how many rows came and what became of
   them. The gate holds it against the ledger. `mentions` names the model with one row per subject
   that a current record mentions, `identified` the one with those of known subjects; each has the
   column extract. A domain without subjects gives neither and counts 0. #}
{% macro reconcile(domain, extracts, mentions=none, identified=none) -%}
    {%- set counted = {'mentions': mentions, 'identified': identified} -%}
    with extracts as (
        {%- for name in extracts %}
            select
                '{{ domain }}/{{ name }}' as extract,
                (select count(*) from {{ source('raw', domain ~ '__' ~ name) }}) as raw_rows,
                (select count(*) from {{ ref('stg_' ~ domain ~ '__' ~ name) }}) as current_records
            {{ 'union all' if not loop.last }}
        {%- endfor %}
    )

    {%- for name, model in counted.items() %},

    {{ name }} as (
        {%- if model %}
            select
                extract,
                count(*) as {{ name }}
            from {{ ref(model) }}
            group by extract
        {%- else %}
            select
                extract,
                0 as {{ name }}
            from extracts
        {%- endif %}
    )
    {%- endfor %}

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
{%- endmacro %}
