with source as (
    {{ stage_full_list('credit/dishonest_judgment_debtor', ['case_no', 'debtor_name']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        case_no,
        debtor_name,
        debtor_id,
        ---------- dates and times
        filed_date,
        published_date,
        ---------- codes and numbers
        debtor_kind,
        ---------- texts
        legal_representative_name,
        court_name,
        basis_no,
        performance,
        conduct,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_listed,
        is_stale
    from source
)

select * from renamed
