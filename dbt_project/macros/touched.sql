{# A night makes anew only what its deliveries touch. The rows of a `touched` model follow, for each
   value of its key, from rows of its parents that a set of touched things names (the touch_… models):
   what is not in the set stands as the last build left it. Which builds may do so is decided outside
   (orchestration/touched.py): it then passes the last build's business date as `touched_since`.
   Without it every row is made anew, and `touched` says nothing (but when dbt parses, so that it knows
   what hangs on what). docs/identity.md, "What a night costs". #}

{# Where a model reads its parents: whether a thing is touched. of, column: the set; only: which part
   of it. #}
{% macro touched(of, column, expression, only=none) -%}
    {%- if not execute or var('touched_since', none) -%}
        {%- set things = ref(of) -%}
        {{ expression }} in (
            select things.{{ column }} from {{ things }} as things
            where things.{{ column }} is not null {{- ' and things.' ~ only if only }}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# Whether a record of an extract (domain/name) is touched, by the column or SQL of its key. #}
{% macro touched_key(extract, key) -%}
    {{ touched('stg_population__touch_keys', 'record_key', key, "extract = '" ~ extract ~ "'") }}
{%- endmacro %}

{# Whether a touched mention reaches a record of an extract. #}
{% macro reached_key(extract, key) -%}
    {{ touched('int_population__touch_records', 'record_key', key, "extract = '" ~ extract ~ "'") }}
{%- endmacro %}

{# A table as the last build left it, read before it is brought up to date: no edge in the graph, for
   it is made from what is read here. #}
{% macro as_built(model) -%}
    intermediate.{{ model }}
{%- endmacro %}

{# Records of an extract about which a row came, went, or counts differently since the last build; and
   those of which a row stands on the same line of the same list as such a row (a corrected return
   replaces it). whole: the extract sends lists, in which each row speaks of all that are not there:
   all its records, once any list of it changed. Nothing where everything is made anew. #}
{% macro touched_records(extract, key, whole=false) -%}
    {%- set table = extract | replace('/', '__') -%}
    {%- set standing, past = source('raw', table), source('raw', 'past__' ~ table) -%}
    {%- set changed = source('raw', 'changed_delivery') -%}
    {%- if var('touched_since', none) -%}
        select
            '{{ extract }}' as extract,
            record_key
        from (
            with given as (
                {%- for rows in [standing, past] %}
                select
                    {{ key }} as record_key,
                    delivery_id,
                    list_id,
                    line
                from {{ rows }}
                {{ 'union all' if not loop.last }}
                {%- endfor %}
            ),

            moved as (
                select * from given
                where
                    {%- if whole %}
                    '{{ extract }}' in (select extract from {{ changed }})
                    {%- else %}
                    delivery_id in (select delivery_id from {{ changed }})
                    or list_id in (select delivery_id from {{ changed }})
                    {%- endif %}
            )

            select record_key from moved
            union
            select given.record_key
            from given
            where row(given.list_id, given.line) in (select row(moved.list_id, moved.line) from moved)
        ) as records
    {%- else -%}
        select
            cast(null as varchar) as extract,
            cast(null as varchar) as record_key
        where false
    {%- endif -%}
{%- endmacro %}

{% materialization touched, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set key, of, column = config.require('key'), config.require('of'), config.require('column') -%}
    {%- if var('touched_since', none) -%}
        {%- if existing is none or existing.type != 'table' -%}
            {{ exceptions.raise_compiler_error('what is not touched of ' ~ this ~ ' does not stand') }}
        {%- endif -%}
        {%- set layer = 'staging' if of.startswith('stg_') else 'intermediate' -%}
        {%- set things = 'select ' ~ column ~ ' from ' ~ layer ~ '.' ~ of -%}
        {%- set made = target.identifier ~ '__touched' -%}
        {% call statement('main') -%}
            create or replace temp table {{ made }} as
            select * from ({{ compiled_code }}) where {{ key }} in ({{ things }});
            delete from {{ target }} where {{ key }} in ({{ things }});
            insert into {{ target }} by name select * from {{ made }};
            drop table {{ made }};
        {%- endcall %}
    {%- else -%}
        {% call statement('main') -%}
            {%- if existing is not none %}
                drop {{ existing.type }} if exists {{ existing }} cascade;
            {%- endif %}
            {{ create_table_as(False, target, compiled_code) }}
        {%- endcall %}
    {%- endif -%}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
