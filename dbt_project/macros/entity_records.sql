{# Where a record describes a legal entity, and in which columns. `makes_entity` says whether such a
   record may make an entity of somebody without any code: the registering authority's may. #}
{% macro entity_registers() -%}
    {%- set coded = {
        'name': 'name', 'uscc_text': 'uscc', 'organisation_code': 'substr(uscc, 9, 9)',
        'legal_representative_name': 'legal_representative_name', 'address': 'address',
        'division_code': 'division_code', 'established_date': 'established_date',
    } -%}
    {{ return([
        {
            'extract': 'legal_entity/enterprise_registration', 'key': 'entity_no',
            'code': 'uscc', 'makes_entity': true, 'operations': true,
            'columns': dict(coded, registration_no='registration_no'),
        },
        {
            'extract': 'legal_entity/public_institution', 'key': 'uscc', 'makes_entity': true,
            'columns': coded,
        },
        {
            'extract': 'legal_entity/social_organisation', 'key': 'uscc', 'makes_entity': true,
            'columns': coded,
        },
        {
            'extract': 'legal_entity/tax_registration', 'key': 'taxpayer_id',
            'makes_entity': false, 'operations': true,
            'columns': {
                'name': 'taxpayer_name', 'uscc_text': uscc_of_taxpayer('taxpayer_id'),
                'organisation_code': organisation_code_of_taxpayer('taxpayer_id'),
                'taxpayer_id': 'case when length(taxpayer_id) = 15 then taxpayer_id end',
                'legal_representative_name': 'legal_representative_name',
            },
        },
    ]) }}
{%- endmacro %}

{# The columns that linking compares, as linkage/entity.py names them. #}
{% macro entity_link_columns() -%}
    {{ return([
        'name', 'uscc_text', 'organisation_code', 'registration_no', 'taxpayer_id',
        'legal_representative_name', 'address', 'division_code', 'established_date',
    ]) }}
{%- endmacro %}

{# Every version of every record of one register, from the raw rows. A code that ingest blanked stands
   as it was given, unless something of it is hidden. #}
{% macro entity_versions(register) -%}
    {%- set columns = register['columns'] -%}
    select
        '{{ register.extract }}' as extract,
        {{ register.key }} as record_key,
        {{ register.makes_entity | lower }} as makes_entity,
        {% for column in entity_link_columns() -%}
            {%- set type = 'date' if column == 'established_date' else 'varchar' -%}
            {%- if column == 'uscc_text' and register.get('code') -%}
                coalesce(
                    uscc,
                    {{ unmasked("json_extract_string(try_cast(as_given as json), '$.uscc')") }}
                )
            {%- else -%}
                {{ columns.get(column, 'cast(null as ' ~ type ~ ')') }}
            {%- endif %} as {{ column }},
        {% endfor -%}
        business_date,
        row_number() over (
            partition by {{ register.key }}
            order by
                business_date,
                {% if register.get('operations') -%}
                    updated_at nulls first, line, delivery_order, delivery_id
                {%- else -%}
                    line, delivery_order, delivery_id
                {%- endif %}
        ) as version_no
    from {{ source('raw', register.extract | replace('/', '__')) }}
    {% if register.get('operations') %}where operation <> 'D'{% endif %}
{%- endmacro %}

{# Statements of entities, where a representative stands under the id that he has today: another one
   may have been made of the number that the register tells. #}
{% macro with_living_representatives(statements) -%}
    select
        told.* exclude (attribute_value),
        coalesce(persons.person_id, told.attribute_value) as attribute_value
    from {{ statements }} as told
    left join {{ ref('int_population__anchor_subjects') }} as persons
        -- one condition: DuckDB joins slowly where another says something of the kept side alone
        on
            case
                when told.attribute = 'legal_representative_person_id' then told.attribute_value
            end = persons.own_id
{%- endmacro %}
