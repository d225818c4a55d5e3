-- The court's list as it changed: one row per debtor of a case and unbroken listing. A list is a
-- full replacement: who is missing from it was withdrawn on its business date. A row that was sent
-- back neither lists nor withdraws anybody. A debtor listed again has another listing.
with lists as (
    select
        delivery_id as list_id,
        business_date,
        row_number() over (order by business_date, delivery_order, delivery_id) as list_no
    from {{ source('raw', 'full_list') }}
    where extract = 'credit/dishonest_judgment_debtor' and return_of is null
),

entries as (
    select
        given.case_no,
        given.debtor_name,
        lists.list_no
    from {{ source('raw', 'credit__dishonest_judgment_debtor') }} as given
    inner join lists on given.list_id = lists.list_id
    union
    select
        refused.case_no,
        refused.debtor_name,
        lists.list_no
    from {{ source('raw', 'rejected_key__credit__dishonest_judgment_debtor') }} as refused
    inner join lists on refused.list_id = lists.list_id
    where refused.case_no is not null and refused.debtor_name is not null
),

islands as (
    select
        *,
        list_no - row_number() over (partition by case_no, debtor_name order by list_no) as island
    from entries
),

periods as (
    select
        case_no,
        debtor_name,
        min(list_no) as first_no,
        max(list_no) as last_no
    from islands
    group by case_no, debtor_name, island
),

newest as (
    select
        periods.first_no,
        periods.last_no,
        given.*,
        lists.list_no
    from periods
    inner join {{ source('raw', 'credit__dishonest_judgment_debtor') }} as given
        on periods.case_no = given.case_no and periods.debtor_name = given.debtor_name
    inner join lists
        on
            given.list_id = lists.list_id
            and lists.list_no between periods.first_no and periods.last_no
    qualify
        row_number() over (
            partition by periods.case_no, periods.debtor_name, periods.first_no
            order by
                lists.list_no desc, given.delivery_order desc, given.line desc, given.delivery_id desc
        ) = 1
)

select
    keyed_id('debtor', concat_ws(chr(31), newest.case_no, newest.debtor_name)) as record_id,
    cast(
        row_number() over (
            partition by newest.case_no, newest.debtor_name order by newest.first_no
        ) as integer
    ) as listing_no,
    newest.case_no,
    newest.debtor_name,
    newest.debtor_id,
    newest.debtor_kind,
    newest.legal_representative_name,
    newest.court_name,
    newest.basis_no,
    newest.filed_date,
    newest.published_date,
    newest.performance,
    newest.conduct,
    started.business_date as listed_from,
    ended.business_date as withdrawn_date,
    ended.business_date is null as is_listed,
    newest.list_no < newest.last_no as is_stale,
    newest.provider,
    newest.delivery_id,
    newest.line,
    newest.business_date
from newest
inner join lists as started on newest.first_no = started.list_no
left join lists as ended on newest.last_no + 1 = ended.list_no
