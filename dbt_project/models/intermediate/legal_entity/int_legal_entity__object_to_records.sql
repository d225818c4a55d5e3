-- R-LE-01: another name than the authority's. R-LE-02: closed in one register, active in another.
-- R-LE-04: one organisation code with two social credit codes. The record that is less believed is
-- the one objected to. A record that is only likely the entity's is neither asked about nor believed.
with records as (
    select
        *,
        coalesce(registration_status_code, taxpayer_status) as status,
        case
            when registration_status_code = '1' or taxpayer_status = '正常' then 'active'
            when registration_status_code in ('3', '5') or taxpayer_status = '注销' then 'closed'
        end as state
    from {{ ref('int_legal_entity__rank_records') }}
    where is_certain
),

{% for believed, column in [('named', 'name'), ('stated', 'state'), ('coded', 'uscc')] %}
    {{ believed }} as (
        select * from records
        where {{ column }} is not null
        qualify row_number() over (partition by entity_id order by record_rank) = 1
    ),
{% endfor %}

objections as (
    select
        'R-LE-01' as rule_id,
        records.*,
        case
            when records.extract = 'legal_entity/tax_registration' then 'taxpayer_name' else 'name'
        end as attribute,
        records.name as value_seen,
        '名称 ' || named.name as evidence,
        {{ counterpart('named') }}
    from records
    inner join named on records.entity_id = named.entity_id
    where {{ comparable_entity_name('records.name') }} <> {{ comparable_entity_name('named.name') }}
    union all by name
    select
        'R-LE-02' as rule_id,
        records.*,
        case records.source_rank
            when 1 then 'registration_status_code' when 4 then 'taxpayer_status' else 'status'
        end as attribute,
        records.status as value_seen,
        '登记状态 ' || stated.status as evidence,
        {{ counterpart('stated') }}
    from records
    inner join stated on records.entity_id = stated.entity_id
    -- an old and a new record of the same register contradict nobody
    where records.state <> stated.state and records.extract <> stated.extract
    union all by name
    select
        'R-LE-04' as rule_id,
        records.*,
        case
            when records.extract = 'legal_entity/tax_registration' then 'taxpayer_id' else 'uscc'
        end as attribute,
        records.uscc as value_seen,
        '统一社会信用代码 ' || coded.uscc as evidence,
        {{ counterpart('coded') }}
    from records
    inner join coded on records.entity_id = coded.entity_id
    where records.uscc <> coded.uscc
)

select
    {{ objection_columns('entity_id') }}
from objections
