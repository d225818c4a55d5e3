{# A table, made anew in one transaction: dropped and created, or left as it was. dbt-duckdb's own
   way (another name, two renames, a second transaction) is for tables that somebody reads meanwhile;
   the warehouse is the night's alone, and the renames cost more than most models. A Python model may
   read what it replaces, so it is made under another name first. #}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set is_python = model['language'] == 'python' -%}
    {%- set made = make_intermediate_relation(target) if is_python else target -%}
    {%- set drop -%}
        {%- if existing is not none %}
            drop {{ existing.type }} if exists {{ existing }} cascade;
        {%- endif %}
    {%- endset -%}
    {% if is_python %}
        {# it runs on a connection of its own: what one that was killed had made, still stands #}
        {% call statement('left_over') -%}
            drop table if exists {{ made }} cascade;
        {%- endcall %}
        {{ adapter.commit() }}
        {% call statement('main', language='python') -%}
            {{- create_table_as(False, made, compiled_code, 'python') -}}
        {%- endcall %}
        {% call statement('named') -%}
            {{ drop }} alter table {{ made }} rename to {{ target.identifier }};
        {%- endcall %}
    {% else %}
        {% call statement('main') -%}
            {{ drop }}
            {{ create_table_as(False, target, compiled_code) }}
        {%- endcall %}
    {% endif %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
