{# Valid time and known time. What every version of every record says of a subject, by the matrix of
   its domain (macros/survivorship_matrix.sql, generated), and the periods that follow from it.
   docs/history.md says it in words. #}

{# Each accepted row that was ever known: those of active deliveries, and those that a correction, a
   return or a withdrawal took out (known_until). version_no is the order in which versions of one
   record replace each other, the order of staging (macros/modes.sql); extracts that are no
   increments order by their deliveries. #}
{% macro list_record_versions(extract, key, mode, only=none) -%}
    {%- set table = extract | replace('/', '__') -%}
    {%- set moment = 'updated_at' if mode == 'incremental' else 'cast(business_date as timestamp)' -%}
    select
        *,
        {{ key }} as record_key,
        {{ "operation <> 'D'" if mode == 'incremental' else 'true' }} as is_stating,
        cast({{ moment }} as date) as stated_date,
        count(*) over (partition by {{ key }}) as versions,
        row_number() over (
            partition by {{ key }}
            order by
                business_date, {{ 'updated_at nulls first, line, delivery_order' if mode == 'incremental'
                else 'delivery_order, list_id, line' }}, delivery_id, known_at
        ) as version_no
    from (
        select
            *,
            cast(null as timestamp) as known_until
        from {{ source('raw', table) }}
        union all by name
        select * from {{ source('raw', 'past__' ~ table) }}
    ) as ever_known
    {%- if only %}
    where {{ only }}
    {%- endif %}
{%- endmacro %}

{# One row per version of a record and entry of the matrix ("lane") that could speak in it. A version
   that says nothing in a lane still ends what the one before it said there; where a record has one
   version only, silence says nothing and is left out.
   subjects: a relation with subject_id, extract, record_key and role; modes: extract to mode. #}
{% macro list_statements(domain, subjects, modes) -%}
{%- set matrix = survivorship(domain) -%}
with subjects as (
    {{ subjects }}
),

{% for extract, key in matrix['keys'].items() %}
    {{ extract | replace('/', '__') }} as materialized (
        select
            versions.*,
            subjects.subject_id,
            subjects.role
        from (
            {{ list_record_versions(extract, key, modes[extract], of_subjects(extract, key)) }}
        ) as versions
        inner join subjects on versions.record_key = subjects.record_key
        where subjects.extract = '{{ extract }}'
    ),
{% endfor %}
stated as (
    {% for told in matrix['statements'] %}
        {{ statement_of(told, modes[told['extract']]) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),
-- known_only says only how the warehouse came to know: what no longer counts, and silence that ends
-- nothing of what counts. Left out of the product's fingerprint. Where a record has one version only,
-- which is nearly everywhere, it is known without looking at the others.
told as (
    select
        *,
        known_until is not null
        or (
            not is_stated
            and not coalesce(bool_or(is_stated and known_until is null) over (
                partition by subject_id, extract, record_key, role, attribute, source_position
                order by version_no rows between unbounded preceding and 1 preceding
            ), false)
        ) as known_only
    from stated
    where versions > 1
    union all
    select
        *,
        known_until is not null as known_only
    from stated
    where versions = 1 and is_stated
)

select
    * exclude (event_on, stated_on),
    -- nobody states the future: a date past the delivery's own counts as of that day
    case when event_on is not null then least(event_on, business_date, {{ business_date() }}) end
        as event_date,
    least(stated_on, business_date, {{ business_date() }}) as stated_date,
    coalesce(least(stated_on, business_date) > {{ business_date() }}, false)
    or coalesce(
        event_on is not null and least(event_on, business_date) > {{ business_date() }}, false
    ) as awaits_day
from told
{%- endmacro %}

{# Where only touched subjects are made anew, nothing is read of records that are not theirs. #}
{% macro of_subjects(extract, key) -%}
    {%- if var('touched_since', none) -%}
        {{ key }} in (select subjects.record_key from subjects where subjects.extract = '{{ extract }}')
    {%- endif -%}
{%- endmacro %}

{# Subjects of whom a statement begins or ends to hold between the last build's business date and this
   one's, as the last build left the statements; and those with a correction. #}
{% macro waiting_subjects(domain) -%}
    select subject_id
    from {{ as_built('int_' ~ domain ~ '__list_statements') }}
    where
        awaits_day
        or (
            expires_date > cast('{{ var("touched_since", none) }}' as date)
            and expires_date <= {{ business_date() }}
        )
    union
    select subject_id
    from {{ as_built('int_' ~ domain ~ '__list_corrections') }}
    where subject_id is not null
{%- endmacro %}

{% macro statement_of(told, mode) -%}
    {%- set spoken = told['leader_value'] if told['follows'] else told['value'] -%}
    select
        subject_id,
        '{{ told['attribute'] }}' as attribute,
        '{{ told['extract'] }}' as extract,
        record_key,
        role,
        {{ told['position'] }} as source_position,
        version_no,
        versions,
        is_stating and ({{ spoken }}) is not null
        {{ 'and coalesce((' ~ told['when'] ~ '), false)' if told['when'] }} as is_stated,
        case when is_stated then cast({{ told['value'] }} as varchar) end as attribute_value,
        case when is_stating then {{ told['valid_from'] }} end as event_on,
        stated_date as stated_on,
        {{ 'cast(' ~ told['valid_to'] ~ ' + interval 1 day as date)' if told['valid_to']
            else 'cast(null as date)' }} as expires_date,
        {{ 'true' if mode == 'append' else 'false' }} as is_document,
        {{ told['level'] }} as source_level,
        {{ 'coalesce(' ~ told['preferred'] ~ ', false)' if told['preferred'] else 'true' }}
            as is_preferred,
        {% if told['earliest_by'] -%}
            epoch_us(cast({{ told['earliest_by'] }} as timestamp))
        {%- else -%}
            -epoch_us(cast({{ told['newest_by'] }} as timestamp))
        {%- endif %} as order_key,
        {{ told['updated_at'] }} as observed_at,
        provider,
        business_date,
        delivery_id,
        line,
        known_at,
        known_until
    from {{ told['extract'] | replace('/', '__') }}
    where role = '{{ told['role'] }}'
{%- endmacro %}

{# When each statement holds. A version speaks from its event date when that is new in the record,
   else from the day it was made (never before the event); until a later version of the record begins. A document (an append
   list) has no past of its own: its newest version counts from the event on, the others never.
   A correction in force is believed before every statement (rank 0), from when the value it corrects
   was true. #}
{% macro statement_periods(statements, corrections) -%}
    {%- set lane = 'extract, record_key, role, attribute, source_position' -%}
    with neighbours as (
        select
            *,
            lag(event_date) over lane as event_before,
            lead(version_no) over lane is null as is_newest
        from {{ statements }}
        where versions > 1
        window lane as (partition by {{ lane }} order by version_no)
    ),

    dated as (
        select
            *,
            case
                when is_document or event_before is null or event_before <> event_date
                    then coalesce(event_date, stated_date)
                else greatest(stated_date, event_date)
            end as valid_from
        from neighbours
    ),

    ended as (
        select
            * exclude (event_before),
            least(expires_date, min(valid_from) over (
                partition by {{ lane }} order by version_no
                rows between 1 following and unbounded following
            )) as valid_to
        from dated
        union all by name
        -- a version without another one needs no look at its neighbours: nearly all are
        select
            *,
            true as is_newest,
            coalesce(event_date, stated_date) as valid_from,
            expires_date as valid_to
        from {{ statements }}
        where versions = 1
    ),

    standing as (
        select *
        from ended
        where
            is_stated
            and (is_newest or not is_document)
            and (valid_to is null or valid_from < valid_to)
    )

    select
        *,
        row_number() over (
            partition by subject_id, attribute
            order by
                source_level, not is_preferred, order_key nulls last, source_position,
                observed_at desc, record_key, role, version_no desc
        ) as statement_rank
    from standing
    union all by name
    select
        subject_id,
        attribute,
        corrected_value as attribute_value,
        least(coalesce(valid_from, decided_date), {{ business_date() }}) as valid_from,
        0 as statement_rank
    from {{ corrections }}
    where state = 'active'
{%- endmacro %}

{# The periods of a subject in which none of its values changes, one row each; the last one is open
   while a record still speaks. fallbacks: attribute to SQL over the alias `subjects`, for what no
   record states. #}
{% macro history_periods(domain, periods, fallbacks=none, subjects=none) -%}
{%- set attributes = survivorship(domain)['attributes'] -%}
with periods as (
    select * from {{ periods }}
),

days as (
    select
        subject_id,
        valid_from as day
    from periods
    union
    select
        subject_id,
        valid_to as day
    from periods
    where valid_to <= {{ business_date() }}
),

slices as (
    select
        subject_id,
        day as valid_from,
        lead(day) over (partition by subject_id order by day) as valid_to
    from days
),

believed as (
    select
        slices.subject_id,
        slices.valid_from,
        slices.valid_to
        {%- for told in attributes %},
        try_cast(nullif(
            arg_min(coalesce(periods.attribute_value, ''), periods.statement_rank)
            filter (where periods.attribute = '{{ told['attribute'] }}'), ''
        ) as {{ told['sql_type'] }}) as {{ told['attribute'] }}
        {%- endfor %}
    from slices
    inner join periods
        on
            slices.subject_id = periods.subject_id
            and slices.valid_from >= periods.valid_from
            and (periods.valid_to is null or slices.valid_from < periods.valid_to)
    group by slices.subject_id, slices.valid_from, slices.valid_to
),

completed as (
    select
        believed.subject_id,
        believed.valid_from,
        believed.valid_to,
        struct_pack(
        {%- for told in attributes %}
            {{ told['attribute'] }} :=
            {%- if fallbacks and told['attribute'] in fallbacks %}
                coalesce(believed.{{ told['attribute'] }}, {{ fallbacks[told['attribute']] }})
            {%- else %}
                believed.{{ told['attribute'] }}
            {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
        ) as told
    from believed
    {%- if subjects %}
        left join {{ subjects }} as subjects on believed.subject_id = subjects.subject_id
    {%- endif %}
),

changed as (
    select
        *,
        (
            lag(valid_to) over (partition by subject_id order by valid_from) is distinct from valid_from
            or lag(told) over (partition by subject_id order by valid_from) is distinct from told
        ) as is_change
    from completed
),

numbered as (
    select
        *,
        sum(cast(is_change as integer)) over (partition by subject_id order by valid_from) as period_no
    from changed
)

select
    subject_id,
    min(valid_from) as valid_from,
    -- NULL (open) is the latest end
    case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to,
    bool_or(valid_to is null) as is_current,
    unnest(any_value(told))
from numbered
group by subject_id, period_no
{%- endmacro %}
