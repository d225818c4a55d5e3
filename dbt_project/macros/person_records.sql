{# Where a record mentions a person, and in which columns it describes him. One home for the roles:
   `makes_person` says whether such a record may make a person of somebody without a number; a name
   in another's paper (a spouse, a parent) never does. #}
{% macro person_roles() -%}
    {%- set police = {
        'extract': 'population/household_registration', 'key': 'person_no', 'role': '本人',
        'number': 'resident_id', 'makes_person': true, 'operations': true,
        'columns': {
            'name': 'name', 'former_name': 'former_name', 'sex_code': 'sex_code',
            'ethnic_code': 'ethnic_code', 'birth_date': 'birth_date',
            'division_code': 'registered_division_code', 'address': 'registered_address',
            'origin_division_code': 'birthplace_division_code', 'employer_name': 'employer_name',
        },
    } -%}
    {%- set permit = {
        'extract': 'population/residence_permit', 'key': 'registration_no', 'role': '本人',
        'number': 'resident_id', 'makes_person': true, 'operations': true,
        'columns': {
            'name': 'name', 'sex_code': 'sex_code', 'ethnic_code': 'ethnic_code',
            'division_code': 'residence_division_code', 'address': 'residence_address',
            'origin_division_code': 'origin_division_code', 'mobile': 'mobile',
        },
    } -%}
    {%- set death = {
        'extract': 'population/death_certificate', 'key': 'certificate_no', 'role': '本人',
        'number': 'resident_id', 'makes_person': true, 'void': "certificate_status = '作废'",
        'columns': {
            'name': 'name', 'sex_code': 'sex_code', 'birth_date': 'birth_date',
            'division_code': 'residence_division_code',
        },
    } -%}
    {%- set cremation = {
        'extract': 'population/cremation', 'key': 'cremation_no', 'role': '本人',
        'number': 'resident_id', 'id_type': 'id_type', 'makes_person': true,
        'columns': {'name': 'name', 'sex_code': 'sex_code'},
    } -%}
    {%- set newborn = {
        'extract': 'population/birth_certificate', 'key': 'certificate_no', 'role': '新生儿',
        'makes_person': true, 'void': "certificate_status = '作废'",
        'columns': {
            'name': 'name', 'sex_code': 'sex_code', 'birth_date': 'cast(born_at as date)',
            'mother_name': 'mother_name', 'father_name': 'father_name',
            'mother_number': resident_number('mother_resident_id', 'mother_id_type'),
            'father_number': resident_number('father_resident_id', 'father_id_type'),
        },
    } -%}
    {%- set roles = [police, permit, death, cremation, newborn] -%}
    {%- for parent, role, sex in [('mother', '母亲', '2'), ('father', '父亲', '1')] -%}
        {%- do roles.append({
            'extract': 'population/birth_certificate', 'key': 'certificate_no', 'role': role,
            'number': parent ~ '_resident_id', 'id_type': parent ~ '_id_type',
            'makes_person': false, 'void': "certificate_status = '作废'",
            'mentioned': parent ~ '_name is not null or ' ~ parent ~ '_resident_id is not null',
            'columns': {'name': parent ~ '_name', 'sex_code': "'" ~ sex ~ "'"},
        }) -%}
    {%- endfor -%}
    {%- for spouse, role, sex in [('husband', '男方', '1'), ('wife', '女方', '2')] -%}
        {%- do roles.append({
            'extract': 'population/marriage_registration', 'key': 'registration_no', 'role': role,
            'number': spouse ~ '_resident_id', 'id_type': spouse ~ '_id_type',
            'makes_person': false,
            'columns': {'name': spouse ~ '_name', 'sex_code': "'" ~ sex ~ "'"},
        }) -%}
    {%- endfor -%}
    {{ return(roles) }}
{%- endmacro %}

{# The columns that linking compares, as linkage/person.py names them, beside number_text. #}
{% macro person_link_columns() -%}
    {{ return([
        'name', 'former_name', 'birth_date', 'sex_code', 'ethnic_code', 'division_code',
        'origin_division_code', 'address', 'mobile', 'mother_number', 'father_number',
        'mother_name', 'father_name', 'employer_name',
    ]) }}
{%- endmacro %}

{# Every version of every mention in one role, from the raw rows. #}
{% macro person_versions(role) -%}
    {%- set id_type = role.get('id_type') -%}
    select
        '{{ role.extract }}' as extract,
        {{ role.key }} as record_key,
        '{{ role.role }}' as role,
        {{ role.makes_person | lower }} as makes_person,
        {{ 'coalesce(' ~ role.void ~ ', false)' if role.get('void') else 'false' }} as is_void,
        {% if role.get('number') -%}
            {{ resident_number(role.number, id_type) }} as resident_id,
            case
                when {{ resident_number(role.number, id_type) }} is null
                {%- if id_type %} and {{ is_resident_paper(id_type) }}{% endif %}
                    then {{ unmasked(
                        "coalesce(json_extract_string(try_cast(as_given as json), '$."
                        ~ role.number ~ "'), " ~ role.number ~ ")"
                    ) }}
            end as number_text,
        {%- else -%}
            cast(null as varchar) as resident_id,
            cast(null as varchar) as number_text,
        {%- endif %}
        {% for column in person_link_columns() -%}
            {%- set absent = 'cast(null as ' ~ ('date' if column == 'birth_date' else 'varchar') ~ ')' -%}
            {{ role['columns'].get(column, absent) }} as {{ column }},
        {% endfor -%}
        provider,
        business_date,
        row_number() over (
            partition by {{ role.key }}
            order by
                business_date,
                {% if role.get('operations') -%}
                    updated_at nulls first, line, delivery_order, delivery_id
                {%- else -%}
                    delivery_order, line, delivery_id
                {%- endif %}
        ) as version_no
    from {{ source('raw', role.extract | replace('/', '__')) }}
    where
        {{ touched_key(role.extract, role.key) }}
        {% if role.get('operations') -%}
            and operation <> 'D'
        {%- elif role.get('mentioned') -%}
            and ({{ role.mentioned }})
        {%- endif %}
{%- endmacro %}

{# Kinds of paper whose number is a resident number. #}
{% macro is_resident_paper(id_type) -%}
    {{ id_type }} in ('居民身份证', '临时居民身份证', '居民户口簿')
{%- endmacro %}

{# A text of a number in which nothing is hidden: what is masked is never compared. #}
{% macro unmasked(text) -%}
    case when not regexp_matches(upper({{ text }}), '[*＊●□?#]|X{2,}') then {{ text }} end
{%- endmacro %}

{# Whether a record says enough to be somebody. #}
{% macro says_enough(record) -%}
    {{ record }}.name is not null
    and coalesce(
        cast({{ record }}.birth_date as varchar), {{ record }}.number_text,
        {{ record }}.mobile, {{ record }}.address
    ) is not null
{%- endmacro %}

{# A record's stable key: what decisions and own ids hang on. #}
{% macro record_id(record) -%}
    {{ record }}.extract || '|' || {{ record }}.record_key || '|' || {{ record }}.role
{%- endmacro %}

{# The columns of two records that are held side by side: one_x, other_x. #}
{% macro both_sides(columns) -%}
    {%- for column in columns -%}
        ones.{{ column }} as one_{{ column }}, others.{{ column }} as other_{{ column }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# What is known of the link of a mention without a number. #}
{% macro unit_link_columns() -%}
    record_id, subject_key, link_kind, match_probability, model_version, decided_by
{%- endmacro %}
