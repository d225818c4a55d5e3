{# Shapes of the credit records (双公示) that permits and penalties share. #}

{# Keys of the raw rows of one extract, as departments wrote them. #}
{% macro credit_keys(extract, document_no, name, body_code, body_name) -%}
    select distinct
        'credit/{{ extract }}' as extract,
        {{ document_no }} as document_no,
        {{ name }} as counterparty_name,
        {{ body_code }} as body_code,
        {{ body_name }} as body_name
    from {{ source('raw', 'credit__' ~ extract) }}
{%- endmacro %}

{# Joins rows of an extract to their record (int_credit__list_keys). #}
{% macro same_credit_key(rows, keys, document_no, name, body_code, body_name) -%}
    {{ rows }}.{{ document_no }} = {{ keys }}.document_no
    and {{ rows }}.{{ name }} = {{ keys }}.counterparty_name
    and {{ rows }}.{{ body_code }} is not distinct from {{ keys }}.body_code
    and {{ rows }}.{{ body_name }} = {{ keys }}.body_name
{%- endmacro %}

{# The chosen row of each permit or penalty: of the departments that tell of it the later business date
   speaks; is_corrected when they, or two deliveries of one of them, told different things. #}
{% macro choose_disclosures(extract, document_no, name, body_code, body_name) -%}
with keyed as (
    select
        keys.record_id,
        given.*
    from {{ ref('stg_' ~ extract | replace('/', '__')) }} as given
    inner join {{ ref('int_credit__list_keys') }} as keys
        on
            keys.extract = '{{ extract }}'
            and {{ same_credit_key('given', 'keys', document_no, name, body_code, body_name) }}
),

records as (
    select
        *,
        hash(*columns(* exclude (
            provider, delivery_id, line, business_date, delivery_order, as_given, is_corrected
        ))) as content
    from keyed
)

select
    * exclude (is_corrected, content),
    bool_or(is_corrected) over same_record
    or min(content) over same_record <> max(content) over same_record as is_corrected
from records
window same_record as (partition by record_id)
qualify
    row_number() over (
        partition by record_id
        order by business_date desc, delivery_order desc, line desc, delivery_id desc
    ) = 1
{%- endmacro %}

{# The kind of counterparty as stated, else where the numbers leave no doubt. #}
{% macro counterparty_kind(stated, uscc, resident_id) -%}
    case
        when {{ stated }} is not null then {{ stated }}
        when {{ uscc }} like '92%' then '个体工商户'
        when {{ uscc }} is not null then '法人及非法人组织'
        when {{ resident_id }} is not null then '自然人'
    end
{%- endmacro %}

{% macro counterparty_kind_basis(stated, uscc, resident_id) -%}
    case
        when {{ stated }} is not null then '所报'
        when {{ uscc }} is not null or {{ resident_id }} is not null then '按代码推定'
        else '无法判断'
    end
{%- endmacro %}

{# 2 无效 (2018) and 撤销 (2015) withdraw a record; it stays. #}
{% macro credit_status(status_2018, status_2015) -%}
    coalesce({{ status_2018 }}, {{ status_2015 }})
{%- endmacro %}

{# How fast each permit and penalty reached the city: working days after the day of the decision, up
   to the business date of the first delivery that told of it. What cannot be counted says why. #}
{% macro disclosures() -%}
    records as (
        select
            '行政许可' as record_kind,
            record_id,
            document_no,
            entity_id,
            decision_date,
            first_reached_date,
            first_provider as provider
        from {{ ref('credit__administrative_permit') }}
        union all
        select
            '行政处罚' as record_kind,
            record_id,
            document_no,
            entity_id,
            decision_date,
            first_reached_date,
            first_provider as provider
        from {{ ref('credit__administrative_penalty') }}
    ),

    counted as (
        select
            records.*,
            case
                when records.decision_date <= records.first_reached_date
                    then reached.working_day_no - decided.working_day_no
            end as working_days,
            limits.working_days as limit_working_days
        from records
        left join {{ ref('calendar__day') }} as decided on records.decision_date = decided.day
        left join {{ ref('calendar__day') }} as reached on records.first_reached_date = reached.day
        left join {{ ref('disclosure_limit') }} as limits
            on
                records.decision_date >= coalesce(limits.valid_from, records.decision_date)
                and records.decision_date <= coalesce(limits.valid_to, records.decision_date)
    ),

    disclosures as (
        select
            *,
            working_days > limit_working_days as is_late
        from counted
    )
{%- endmacro %}

{# Whether the counterparty of a record may be shown to everybody: an organisation with a code and
   without a person's paper; of the self-employed only one whom the register knows by this name. #}
{% macro is_public_party(records, entities) -%}
    {{ records }}.person_id is null
    and {{ records }}.person_paper is null
    and not {{ records }}.has_person_number
    and not coalesce({{ holds_person_number(records ~ '.counterparty_name') }}, false)
    and not coalesce({{ holds_person_number(records ~ '.document_no') }}, false)
    and {{ records }}.uscc is not null
    and (
        {{ records }}.counterparty_kind = '法人及非法人组织'
        or (
            {{ records }}.counterparty_kind = '个体工商户'
            and {{ comparable_entity_name(records ~ '.counterparty_name') }}
            = {{ comparable_entity_name(entities ~ '.name') }}
        )
    )
{%- endmacro %}

{# Whether a text holds what may be a resident number, of 18 or 15 digits with a date in it, or masked:
   also in full-width digits, and with blanks, hyphens or dots between them. The gate looks again by
   itself (expectations/credit.py). #}
{% macro holds_person_number(text) -%}
    {%- set day = '(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])' -%}
    regexp_matches(
        regexp_replace(
            translate(upper({{ text }}), '０１２３４５６７８９Ｘ＊', '0123456789X*'),
            '[\s　.·\-‐‑–—_－]+', '', 'g'
        ),
        '[1-9][0-9]{5}(18|19|20)[0-9]{2}{{ day }}[0-9]{3}[0-9X]'
        || '|(^|[^0-9A-Z])[1-9][0-9]{5}[0-9]{2}{{ day }}[0-9]{3}([^0-9A-Z]|$)'
        || '|[1-9][0-9]{5}[0-9]{0,8}[*]{4,}'
    )
{%- endmacro %}

{# A text of a department as everybody may see it. Where it holds a number or speaks of a person's
   paper, a name stands beside it: the whole is withheld. Names of the representatives given, and
   names behind a word for a person's part (当事人, 驾驶员), are struck out. #}
{% macro public_text(text, representatives) -%}
    {%- set part = '(法定代表人|负责人|经营者|当事人|驾驶员|司机|责任人|从业人员|工作人员|职工|员工|业主|店主|厂长|经理)' -%}
    {%- set surname = '[王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易武乔贺赖龚]' -%}
    {%- set kept = namespace(sql=text) -%}
    {%- for name in representatives -%}
        {%- set kept.sql -%}
            case when length({{ name }}) >= 2 then replace({{ kept.sql }}, {{ name }}, '（姓名略）')
                else {{ kept.sql }} end
        {%- endset -%}
    {%- endfor -%}
    case
        when {{ text }} is null then null
        when
            {{ holds_person_number(text) }}
            or regexp_matches({{ text }}, '身份证|身份号码|护照|通行证|驾驶证|居留证')
            then '（涉及自然人，不予公开）'
        else
            regexp_replace(
                {{ kept.sql }}, '{{ part }}([：:为系是]?){{ surname }}[一-龥]{1,2}', '\1\2（姓名略）', 'g'
            )
    end
{%- endmacro %}
