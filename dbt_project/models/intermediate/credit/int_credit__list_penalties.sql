-- Each penalty with its kinds in the order of the list, and how long it is public: to the day that the
-- department states, else for the longest period of its seriousness (dated parameters).
with penalties as (
    select * from {{ ref('int_credit__choose_penalties') }}
),

kinds as (
    select distinct
        record_id,
        unnest(string_split(concat_ws(';', cf_cflb, cf_cflb2), ';')) as kind
    from penalties
),

-- 其他-xx is of the kind 其他; the dated list may have a kind several times
listed as (
    select
        kinds.record_id,
        kinds.kind,
        min(listed.position) as position,
        bool_or(listed.is_serious = 'Y') as is_serious
    from kinds
    inner join {{ ref('penalty_kind') }} as listed
        on split_part(kinds.kind, '-', 1) = listed.name
    group by kinds.record_id, kinds.kind
),

joined as (
    select
        record_id,
        string_agg(kind, ';' order by position, kind) as penalty_kind,
        bool_or(is_serious) as is_serious
    from listed
    group by record_id
),

periods as (
    select
        penalties.record_id,
        joined.penalty_kind,
        joined.is_serious,
        lengths.shortest_months,
        lengths.longest_months
    from penalties
    inner join joined on penalties.record_id = joined.record_id
    left join {{ ref('publicity_period') }} as lengths
        on
            lengths.code = case when joined.is_serious then 'serious' else 'general' end
            and penalties.cf_jdrq >= coalesce(lengths.valid_from, penalties.cf_jdrq)
            and penalties.cf_jdrq <= coalesce(lengths.valid_to, penalties.cf_jdrq)
)

select
    penalties.*,
    periods.penalty_kind,
    periods.is_serious,
    cast(penalties.cf_jdrq + to_months(periods.shortest_months) as date) as shortest_until_date,
    case
        when penalties.cf_gsjzq is not null then penalties.cf_gsjzq
        when coalesce(penalties.cf_gsjzq_is_long_term, false) then null
        else cast(penalties.cf_jdrq + to_months(periods.longest_months) as date)
    end as publicity_until_date,
    case
        when penalties.cf_gsjzq is not null or coalesce(penalties.cf_gsjzq_is_long_term, false)
            then '公示截止期'
        when periods.longest_months is null then '没有适用的期限'
        else '按期限推算'
    end as publicity_basis
from penalties
inner join periods on penalties.record_id = periods.record_id
