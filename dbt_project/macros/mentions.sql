{# One person's part in the current records of an extract, as int_population__list_mentions has it.
   Each argument is SQL over the staging model, unless it says otherwise:
   extract, role, name_attribute: plain texts; name_attribute names the column of the name.
   source_rank: whose word counts first (survivorship), 1 before 2.
   resident_id, id_type: the number, and the kind of paper where the extract tells it.
   validity_rank: 1 for what is void or cancelled, which speaks last among its own kind.
   updated_at: the business date of the delivery stands for it where records carry none. #}
{% macro mention(
    extract, record_key, source_rank, resident_id=none, id_type=none, role='本人',
    name_attribute='name', sex_code=none, ethnic_code=none, birth_date=none, validity_rank='0',
    updated_at='cast(business_date as timestamp)'
) -%}
    select
        '{{ extract }}' as extract,
        {{ record_key }} as record_key,
        '{{ role }}' as role,
        '{{ name_attribute }}' as name_attribute,
        {{ source_rank }} as source_rank,
        {{ validity_rank }} as validity_rank,
        {{ id_type or 'cast(null as varchar)' }} as id_type,
        {{ resident_number(resident_id, id_type) if resident_id else 'cast(null as varchar)' }}
            as resident_id,
        {{ name_attribute }} as name,
        {{ sex_code or 'cast(null as varchar)' }} as sex_code,
        {{ ethnic_code or 'cast(null as varchar)' }} as ethnic_code,
        {{ birth_date or 'cast(null as date)' }} as birth_date,
        {{ updated_at }} as updated_at,
        provider,
        delivery_id,
        line,
        business_date
    from {{ ref('stg_' ~ extract | replace('/', '__')) }}
    where {{ touched_key(extract, record_key) }}
{%- endmacro %}
