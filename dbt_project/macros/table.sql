{# A table, made anew in one transaction: dropped and created, or left as it was. dbt-duckdb's own
   way (another name, two renames, a second transaction) is for tables that somebody reads meanwhile;
   the warehouse is the night's alone, and the renames cost more than most models. #}

{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {% call statement('main') -%}
        {%- if existing is not none %}
            drop {{ existing.type }} if exists {{ existing }} cascade;
        {%- endif %}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
