{# The current state of an extract by its mode. Every ordering is total: equal deliveries give equal
   tables, in whatever order they came. only: a condition on the key, where the rest stands already. #}

{# incremental: the newest operation per key; a key whose newest operation is D leaves the state. #}
{% macro stage_incremental(relation, key, only='true') -%}
    select * exclude (operation)
    from (
        select *
        from {{ relation }}
        where {{ only }}
        qualify
            row_number() over (
                partition by {{ key | join(', ') }}
                order by
                    business_date desc,
                    updated_at desc nulls last,
                    line desc,
                    delivery_order desc,
                    delivery_id desc
            ) = 1
    ) as newest
    where operation <> 'D'
{%- endmacro %}

{# append: equal content counts once and keeps its first delivery; of other content the later
   business date wins, and is_corrected reports that there was other content. #}
{% macro stage_append(relation, key, only='true') -%}
    select * exclude (content, newest_content)
    from (
        select
            *,
            last_value(content) over (
                partition by {{ key | join(', ') }}
                order by business_date, delivery_order, line, delivery_id
                rows between unbounded preceding and unbounded following
            ) as newest_content,
            min(content) over (partition by {{ key | join(', ') }})
            <> max(content) over (partition by {{ key | join(', ') }}) as is_corrected
        from (
            select
                *,
                hash(*columns(* exclude (
                    delivery_id, list_id, line, business_date, delivery_order, provider, as_given,
                    known_at
                ))) as content
            from {{ relation }}
            where {{ only }}
        ) as hashed
    ) as compared
    where content = newest_content
    qualify
        row_number() over (
            partition by {{ key | join(', ') }}
            order by business_date, delivery_order, line, delivery_id
        ) = 1
{%- endmacro %}

{# full: stage_full on the tables of an extract (domain/name). #}
{% macro stage_full_list(extract, key) -%}
    {%- set table = extract | replace('/', '__') -%}
    {{ stage_full(
        extract,
        source('raw', table),
        source('raw', 'rejected_key__' ~ table),
        source('raw', 'full_list'),
        key
    ) }}
{%- endmacro %}

{# full: the newest list is the state. A key absent from it stays, is_listed false; a key whose
   newest row was rejected keeps its earlier row, is_stale true. A corrected return belongs to the
   list it corrects (list_id), so lists are ordered by their original deliveries. #}
{% macro stage_full(extract, relation, rejected, deliveries, key) -%}
    with lists as (
        select
            delivery_id as list_id,
            row_number() over (order by business_date, delivery_order, delivery_id) as list_no
        from {{ deliveries }}
        where extract = '{{ extract }}' and return_of is null
    ),

    newest_rows as (
        select
            given.*,
            coalesce(lists.list_no, 0) as list_no
        from {{ relation }} as given
        left join lists on given.list_id = lists.list_id
        qualify
            row_number() over (
                partition by {{ prefixed_columns('given', key) }}
                order by
                    lists.list_no desc nulls last,
                    given.delivery_order desc,
                    given.line desc,
                    given.delivery_id desc
            ) = 1
    ),

    newest_rejections as (
        select
            {{ prefixed_columns('refused', key) }},
            max(lists.list_no) as list_no
        from {{ rejected }} as refused
        inner join lists on refused.list_id = lists.list_id
        group by {{ prefixed_columns('refused', key) }}
    )

    select
        newest_rows.* exclude (list_no),
        greatest(newest_rows.list_no, coalesce(newest_rejections.list_no, 0))
        = coalesce((select max(lists.list_no) from lists), 0) as is_listed,
        coalesce(newest_rejections.list_no > newest_rows.list_no, false) as is_stale
    from newest_rows
    left join newest_rejections
        on row({{ prefixed_columns('newest_rows', key) }})
        = row({{ prefixed_columns('newest_rejections', key) }})
{%- endmacro %}

{# `a.x, a.y` of the columns x and y. #}
{% macro prefixed_columns(alias, columns) -%}
    {%- for column in columns %}{{ alias }}.{{ column }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}
