-- Per first reporting department, month of decision and kind: how many records reached the city within
-- the limit. Records whose working days cannot be counted are told apart and are not in the rate.
with {{ disclosures() }},

totals as (
    select
        provider,
        cast(date_trunc('month', decision_date) as date) as month,
        record_kind,
        count(*) as records,
        count(*) filter (where not is_late) as within_limit,
        count(*) filter (where is_late is null) as not_counted,
        median(working_days) as median_working_days,
        min(limit_working_days) as limit_working_days
    from disclosures
    group by provider, cast(date_trunc('month', decision_date) as date), record_kind
)

select
    provider,
    month,
    record_kind,
    records,
    within_limit as within_7_working_days,
    not_counted,
    {{ exact_ratio('within_limit', 'nullif(records - not_counted, 0)', 4) }} as rate,
    cast(median_working_days as decimal(9, 1)) as median_working_days,
    limit_working_days
from totals
