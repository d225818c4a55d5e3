{#
    Generic test: no two rows share the values of these columns (NULL equals NULL), and none of them
    is NULL, but for those of `nullable`. One test a model: every test costs a night dbt's own work.
#}
{% test primary_key(model, columns, nullable=[]) %}
    {% set filled = columns | reject('in', nullable) | list %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by all
    having count(*) > 1
    {% if filled %}
        union all
        select {{ columns | join(', ') }}
        from {{ model }}
        where {{ filled | join(' is null or ') }} is null
    {% endif %}
{% endtest %}
