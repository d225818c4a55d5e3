{# One source per value. What the matrix of a domain (macros/survivorship_matrix.sql, generated) says,
   written as SQL over the current state of the extracts. Subjects are persons or entities. #}

{# Every statement of every attribute by a current record, in the order in which it is believed:
   candidate_rank 1 is chosen, if no correction stands before it.
   mentions: a relation with subject_id, extract, record_key
   and role of every record of an identified subject; fallback: a relation with the columns that
   fallbacks are made of and the record (extract, record_key, role, …) they come from. #}
{% macro rank_statements(domain, mentions, fallback=none) -%}
{%- set matrix = survivorship(domain) -%}
{%- set followers = [] -%}
with mentions as materialized (
    {{ mentions }}
),
{% for extract, key in matrix['keys'].items() %}
{{ extract | replace('/', '__') }} as materialized (
    select
        records.*,
        records.{{ key }} as record_key,
        mentions.subject_id,
        mentions.role
    from {{ ref('stg_' ~ extract | replace('/', '__')) }} as records
    inner join mentions on records.{{ key }} = mentions.record_key
    where mentions.extract = '{{ extract }}'
),
{% endfor %}
stated as (
    {% for told in matrix['statements'] %}
        {%- if told['follows'] and told['attribute'] not in followers %}
            {%- do followers.append(told['attribute']) %}
        {%- endif %}
        {{ stated_by(told) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by subject_id, attribute
            order by
                source_level, not is_preferred, order_key nulls last, source_position,
                observed_at desc, record_key, role
        ) as candidate_rank
    from stated
    {%- if followers %}
        -- a follower is ranked with its leader, also where it says nothing itself
        qualify attribute_value is not null
    {%- endif %}
)

select * exclude (order_key, source_position)
from ranked
{%- if fallback %}
    union all by name
    {{ fallback_statements(matrix['fallbacks'], fallback) }}
{%- endif %}
{%- endmacro %}

{# One entry of the matrix over the current rows of its extract. #}
{% macro stated_by(told) -%}
    select
        subject_id,
        '{{ told['attribute'] }}' as attribute,
        cast({{ told['value'] }} as varchar) as attribute_value,
        '{{ told['extract'] }}' as extract,
        record_key,
        role,
        '{{ told['column'] }}' as source_column,
        'stated' as method,
        provider,
        delivery_id,
        line,
        business_date,
        {{ told['updated_at'] }} as observed_at,
        {{ told['valid_from'] }} as valid_from,
        {{ told['level'] }} as source_level,
        {% if told['preferred'] %}coalesce({{ told['preferred'] }}, false){% else %}true{% endif %}
            as is_preferred,
        {% if told['earliest_by'] -%}
            epoch_us(cast({{ told['earliest_by'] }} as timestamp))
        {%- else -%}
            -epoch_us(cast({{ told['newest_by'] }} as timestamp))
        {%- endif %} as order_key,
        {{ told['position'] }} as source_position
    from {{ told['extract'] | replace('/', '__') }}
    where
        role = '{{ told['role'] }}'
        {%- if not told['follows'] %}
            and ({{ told['value'] }}) is not null
        {%- else %}
            and ({{ told['leader_value'] }}) is not null
        {%- endif %}
        {%- if told['when'] %}
            and ({{ told['when'] }})
        {%- endif %}
        {%- if told['valid_to'] %}
            and ({{ told['valid_to'] }} is null or {{ told['valid_to'] }} >= {{ business_date() }})
        {%- endif %}
{%- endmacro %}

{# What stands where no source says anything: made from another value of the subject. #}
{% macro fallback_statements(fallbacks, relation) -%}
    {%- for told in fallbacks %}
        select
            subject_id,
            '{{ told['attribute'] }}' as attribute,
            cast({{ told['value'] }} as varchar) as attribute_value,
            extract,
            record_key,
            role,
            '{{ told['of'] }}' as source_column,
            'derived' as method,
            provider,
            delivery_id,
            line,
            business_date,
            updated_at as observed_at,
            business_date as valid_from,
            {{ told['level'] }} as source_level,
            true as is_preferred,
            1 as candidate_rank
        from ({{ relation }})
        where
            ({{ told['value'] }}) is not null
            and subject_id not in (
                select ranked.subject_id from ranked where ranked.attribute = '{{ told['attribute'] }}'
            )
        {{ 'union all by name' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# One row per subject with its chosen values, typed as the product's columns. #}
{% macro pivot_chosen(domain, relation, subject_id) -%}
select
    subject_id as {{ subject_id }}
    {%- for told in survivorship(domain)['attributes'] %},
    try_cast(
        any_value(attribute_value) filter (where attribute = '{{ told['attribute'] }}')
        as {{ told['sql_type'] }}
    ) as {{ told['attribute'] }}
    {%- endfor %}
from {{ relation }}
where is_chosen
group by subject_id
{%- endmacro %}

{# Corrections of a domain and what the sources say today. `active` stands before every source until
   the value it was made against changes: then the source was mended, or says something else, and
   the correction has ended by itself. statements: the domain's …rank_statements. #}
{% macro list_corrections(domain, statements) -%}
with corrections as (
    select * from {{ source('raw', 'correction') }}
    where domain = '{{ domain }}'
),

watched as (
    select
        corrections.correction_id,
        statements.*
    from corrections
    inner join {{ statements }} as statements
        on
            corrections.extract = statements.extract
            and corrections.record_key = statements.record_key
            and corrections.role = statements.role
            and corrections.attribute = statements.attribute
    where statements.method = 'stated'
    union all
    select
        corrections.correction_id,
        statements.*
    from corrections
    inner join {{ statements }} as statements
        on
            corrections.subject_id = statements.subject_id
            and corrections.attribute = statements.attribute
    where statements.candidate_rank = 1
),

judged as (
    select
        corrections.* exclude (subject_id, extract, record_key, role),
        coalesce(watched.subject_id, corrections.subject_id) as subject_id,
        coalesce(watched.extract, corrections.extract) as extract,
        coalesce(watched.record_key, corrections.record_key) as record_key,
        coalesce(watched.role, corrections.role) as role,
        watched.source_column,
        watched.method as source_method,
        watched.attribute_value as source_value,
        watched.provider as source_provider,
        watched.valid_from,
        watched.delivery_id,
        watched.line,
        watched.business_date,
        case
            when corrections.status = 'withdrawn' then 'withdrawn'
            when watched.attribute_value is null then 'not_found'
            when watched.attribute_value = corrections.wrong_value then 'active'
            when watched.attribute_value = corrections.expected_upstream then 'mended'
            else 'changed'
        end as state
    from corrections
    left join watched on corrections.correction_id = watched.correction_id
)

select
    * replace (
        case
            when
                state = 'active'
                and row_number() over (
                    partition by subject_id, attribute, state
                    order by decided_date desc, correction_id
                ) > 1
                then 'superseded'
            else state
        end as state
    )
from judged
{%- endmacro %}

{# Every candidate of every value: statements, fallbacks and active corrections; is_chosen marks the
   one that the product holds. #}
{% macro list_candidates(domain, statements, corrections) -%}
with corrected as (
    select * from {{ corrections }}
    where state = 'active'
),

candidates as (
    select
        statements.*,
        statements.candidate_rank = 1 and corrected.correction_id is null as is_chosen,
        cast(null as varchar) as correction_id
    from {{ statements }} as statements
    left join corrected
        on
            statements.subject_id = corrected.subject_id
            and statements.attribute = corrected.attribute
    union all by name
    select
        subject_id,
        attribute,
        corrected_value as attribute_value,
        extract,
        record_key,
        role,
        source_column,
        'correction' as method,
        coalesce(provider, source_provider) as provider,
        delivery_id,
        line,
        decided_date as business_date,
        cast(decided_date as timestamp) as observed_at,
        valid_from,
        0 as source_level,
        true as is_preferred,
        0 as candidate_rank,
        true as is_chosen,
        correction_id
    from corrected
)

select
    *,
    case
        when not is_chosen then null
        when method = 'correction' then '人工更正：更正在来源修改之前优先于各来源'
        {%- for told in survivorship(domain)['attributes'] %}
        when attribute = '{{ told['attribute'] }}' then '{{ told['reason_cn'] }}'
        {%- endfor %}
    end as chosen_because
from candidates
{%- endmacro %}
