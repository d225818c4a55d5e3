-- The counterparties of permits and penalties and the debtors of the court, with the numbers by which
-- they may be known. Masked numbers name nobody; a person is known by a resident number only, and
-- only where the record is one of a natural person.
with given as (
    select
        'credit/administrative_permit' as extract,
        record_id as party_key,
        xk_xdr_mc as party_name,
        xk_xdr_lb as stated_kind,
        xk_xdr_shxym as uscc,
        xk_xdr_zzjg as organisation_code,
        xk_xdr_gszc as registration_text,
        xk_xdr_zjlx as paper,
        xk_xdr_zjhm as number_text
    from {{ ref('int_credit__choose_permits') }}
    union all
    select
        'credit/administrative_penalty' as extract,
        record_id as party_key,
        cf_xdr_mc as party_name,
        cf_xdr_lb as stated_kind,
        cf_xdr_shxym as uscc,
        cf_xdr_zzjg as organisation_code,
        cf_xdr_gszc as registration_text,
        cf_xdr_zjlx as paper,
        cf_xdr_zjhm as number_text
    from {{ ref('int_credit__choose_penalties') }}
    union all
    select
        'credit/dishonest_judgment_debtor' as extract,
        record_id || '/' || listing_no as party_key,
        debtor_name as party_name,
        case debtor_kind when '自然人' then '自然人' else '法人及非法人组织' end as stated_kind,
        case when length(debtor_id) = 18 and debtor_kind <> '自然人' then debtor_id end as uscc,
        case when length(debtor_id) = 9 then debtor_id end as organisation_code,
        cast(null as varchar) as registration_text,
        cast(null as varchar) as paper,
        case when debtor_kind = '自然人' then debtor_id end as number_text
    from {{ ref('int_credit__period_debtors') }}
),

numbered as (
    select
        *,
        {{ resident_number(unmasked('number_text')) }} as resident_number,
        coalesce(regexp_matches(upper(number_text), '[*＊●□?#]|X{2,}'), false) as is_masked,
        coalesce(paper is not null and not {{ is_resident_paper('paper') }}, false) as is_other_paper
    from given
)

select
    extract,
    party_key,
    party_name,
    {{ counterparty_kind('stated_kind', 'uscc', 'resident_number') }} as counterparty_kind,
    {{ counterparty_kind_basis('stated_kind', 'uscc', 'resident_number') }} as kind_basis,
    case
        when
            {{ counterparty_kind('stated_kind', 'uscc', 'resident_number') }} = '自然人'
            and not is_other_paper
            then resident_number
    end as resident_id,
    case when coalesce(stated_kind, '') <> '自然人' then {{ unmasked('uscc') }} end as uscc,
    case
        when coalesce(stated_kind, '') <> '自然人' then {{ unmasked('organisation_code') }}
    end as organisation_code,
    case
        when
            coalesce(stated_kind, '') <> '自然人'
            and regexp_full_match(replace(registration_text, '-', ''), '[0-9]{13}|[0-9]{15}')
            then replace(registration_text, '-', '')
    end as registration_no,
    is_masked,
    is_other_paper,
    -- the record names a natural person by paper, whatever it says it is
    number_text is not null or coalesce(stated_kind, '') = '自然人' as names_person
from numbered
