{# A taxpayer number of 18 characters is a social credit code; of 15 a division and an organisation
   code; of 20 a resident number with two digits, which names no entity. Ingest has checked them. #}
{% macro uscc_of_taxpayer(taxpayer_id) -%}
    case when length({{ taxpayer_id }}) = 18 then {{ taxpayer_id }} end
{%- endmacro %}

{% macro organisation_code_of_taxpayer(taxpayer_id) -%}
    case length({{ taxpayer_id }})
        when 18 then substr({{ taxpayer_id }}, 9, 9)
        when 15 then substr({{ taxpayer_id }}, 7, 9)
    end
{%- endmacro %}

{# The type code says what an enterprise is; where it does not, the code's prefix. #}
{% macro enterprise_kind(entity_type_code, uscc) -%}
    case
        when {{ entity_type_code }} like '95%' or {{ entity_type_code }} = '9999' then '个体工商户'
        when {{ entity_type_code }} like '91%' or {{ entity_type_code }} like '92%' then '农民专业合作社'
        when {{ entity_type_code }} = '9600' then '其他'
        when {{ uscc }} like '92%' then '个体工商户'
        when {{ uscc }} like '93%' then '农民专业合作社'
        else '企业'
    end
{%- endmacro %}

{# What the registers of institutions and social organisations call a status, in the enterprises'
   codes. Anything else is unknown: NULL. #}
{% macro registration_status(status) -%}
    case {{ status }} when '正常' then '1' when '注销' then '3' when '撤销' then '5' end
{%- endmacro %}

{# Branches (2xxx, x8xx, 92xx, 7xxx), non-corporate enterprises (4xxx), partnerships (x4xx) and the
   self-employed are no legal persons. Foreign-invested non-companies (53xx, 63xx), groups (8xxx) and
   the rest cannot be told from the code: NULL. #}
{% macro enterprise_is_legal_person(entity_type_code, uscc) -%}
    case
        when {{ entity_type_code }} like '91%' then true
        when regexp_matches({{ entity_type_code }}, '^([247]|5[48]|6[48]|9[25]|9600|9999)') then false
        when {{ uscc }} like '92%' then false
        when regexp_matches({{ entity_type_code }}, '^([13]|[56][12])') then true
        when {{ uscc }} like '93%' then true
    end
{%- endmacro %}

{# 万元 to yuan. A negative or unreadable amount is unknown. #}
{% macro ten_thousand_yuan(amount) -%}
    case when {{ amount }} >= 0 then try_cast(try_cast({{ amount }} as decimal(24, 6)) * 10000 as decimal(20, 2)) end
{%- endmacro %}

{# Registered capital in yuan. The contract's unit is 万元 of renminbi: a company's empty unit means
   万元 and an empty currency renminbi. The self-employed and co-operatives write yuan as often, so
   theirs counts only where the unit is stated. Any other currency is unknown in yuan: NULL. #}
{% macro enterprise_capital_cny() -%}
    case
        when registered_capital < 0 then null
        when currency is not null and upper(currency) not in ('人民币', '人民币元', 'CNY', 'RMB', '156')
            then null
        when capital_unit = '元' then try_cast(registered_capital as decimal(20, 2))
        when capital_unit = '万元' then {{ ten_thousand_yuan('registered_capital') }}
        when {{ enterprise_kind('entity_type_code', 'uscc') }} = '企业'
            then {{ ten_thousand_yuan('registered_capital') }}
    end
{%- endmacro %}
