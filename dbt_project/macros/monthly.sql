{# A table made anew month by month: only months whose rows changed are rebuilt. For facts of
   millions of rows a year, of which a night touches one or two months.

   The model marks in its SQL, by `monthly_rows()`, where the rows are read; a month's signature is
   the number and the hash of all its rows, so a corrected, returned or withdrawn delivery touches
   the months it speaks of. A key that stands in several months (a correction moved it) is read
   whole, and signs all of them with the hash of all its rows. Signatures lie beside the table
   (`<table>__month`), with the hash of the compiled SQL: another SQL rebuilds every month. The result
   equals a full build whatever happened before; one transaction, or nothing.
   Config: rows (schema.table that is read), month (its column, and the model's; never NULL); key
   (column; left out where a month's rows follow from that month's alone); reads (the columns that
   the model reads; left out: all but known_at). #}

{% macro monthly_rows() -%}
    true /* monthly_rows */
{%- endmacro %}

{% macro month_signatures(rows, month, key, reads, stamp) -%}
    with hashed as (
        select
            {{ month }} as month,
            {%- if key %}
                {{ key }} as record_key,
            {%- endif %}
            {% if reads -%}
                hash({{ reads | join(', ') }})
            {%- else -%}
                hash(*columns(* exclude (known_at)))
            {%- endif %} as content
        from {{ rows }}
    ),

    by_month as (
        select
            month,
            count(*) as rows,
            sum(content) as content
        from hashed
        group by month
    )
{% if not key %}
    select
        month,
        concat_ws('-', '{{ stamp }}', rows, content) as signature
    from by_month
{% else %},
    moved as (
        select
            record_key,
            sum(content) as content
        from hashed
        group by record_key
        having min(month) <> max(month)
    ),

    moving as (
        select distinct
            hashed.month,
            moved.record_key,
            moved.content
        from hashed
        inner join moved on hashed.record_key = moved.record_key
    ),

    moves as (
        select
            month,
            count(*) as rows,
            sum(hash(record_key, content)) as content
        from moving
        group by month
    )

    select
        by_month.month,
        concat_ws(
            '-', '{{ stamp }}', by_month.rows, by_month.content,
            coalesce(moves.rows, 0), coalesce(moves.content, 0)
        ) as signature
    from by_month
    left join moves on by_month.month = moves.month
{% endif %}
{%- endmacro %}

{% materialization monthly, adapter='duckdb', supported_languages=['sql'] %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set rows, month = config.require('rows'), config.require('month') -%}
    {%- set key, reads = config.get('key'), config.get('reads') -%}
    {%- set states = target.schema ~ '.' ~ target.identifier ~ '__month' -%}
    {%- set fresh = target.schema ~ '.' ~ target.identifier ~ '__fresh' -%}
    {%- set changed = target.schema ~ '.' ~ target.identifier ~ '__changed' -%}
    {%- set stamp = local_md5(compiled_code) -%}
    {%- set read_here -%}
        ({{ month }} in (select month from {{ changed }})
        {%- if key %} or {{ key }} in (
            select {{ key }} from {{ rows }} group by {{ key }} having min({{ month }}) <> max({{ month }})
        )
        {%- endif %})
    {%- endset -%}
    {%- set some = compiled_code | replace('true /* monthly_rows */', read_here) -%}
    {% if some == compiled_code %}
        {{ exceptions.raise_compiler_error('a monthly model reads its rows where monthly_rows()') }}
    {% endif %}
    {%- set kept = adapter.get_relation(target.database, target.schema, target.identifier ~ '__month') -%}
    {%- set known = existing is not none and kept is not none -%}
    {%- if known %}
        {%- set others -%}
            select count(*) from {{ states }} where not starts_with(signature, '{{ stamp }}-')
        {%- endset -%}
        {%- set known = run_query(others).columns[0].values()[0] == 0 -%}
    {%- endif %}
    {% call statement('main') -%}
        {%- if not known %}
            {%- if existing is not none %}
                drop {{ existing.type }} if exists {{ existing }} cascade;
            {%- endif %}
            create table {{ target }} as select * from ({{ compiled_code }}) where false;
            create or replace table {{ states }} (month date, signature varchar);
        {%- endif %}
        create or replace table {{ fresh }} as
        {{ month_signatures(rows, month, key, reads, stamp) }};
        create or replace table {{ changed }} as
        select coalesce(fresh.month, states.month) as month
        from {{ fresh }} as fresh
        full join {{ states }} as states on fresh.month = states.month
        where fresh.signature is distinct from states.signature;
        delete from {{ target }} where {{ month }} in (select month from {{ changed }});
        insert into {{ target }}
        select * from ({{ some }}) where {{ month }} in (select month from {{ changed }});
        drop table {{ states }};
        alter table {{ fresh }} rename to {{ target.identifier }}__month;
        drop table {{ changed }};
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
