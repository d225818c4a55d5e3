-- R-CRD-07: which rows are one record: document number, counterparty and deciding body. Ingest has
-- made one form of the document number; names are compared without their brackets and spaces. The
-- format of 2015 names the body without its code: where the same body (by name) decided the same
-- document for the same counterparty under one code, it is that one, else the name stands for it.
with given as (
    {{
        credit_keys(
            'administrative_permit', 'xk_wsh', 'xk_xdr_mc', 'xk_xkjgdm', 'xk_xkjg'
        )
    }}
    union all
    {{
        credit_keys(
            'administrative_penalty', 'cf_wsh', 'cf_xdr_mc', 'cf_cfjgdm', 'cf_cfjg'
        )
    }}
),

compared as (
    select
        *,
        {{ comparable_entity_name('counterparty_name') }} as party,
        {{ comparable_entity_name('body_name') }} as body
    from given
),

keyed as (
    select
        *,
        case
            when body_code is not null then body_code
            when min(body_code) over same_body = max(body_code) over same_body
                then min(body_code) over same_body
            else '名称:' || body
        end as body_key
    from compared
    window same_body as (partition by extract, document_no, party, body)
)

select
    extract,
    document_no,
    counterparty_name,
    body_code,
    body_name,
    keyed_id(
        'credit_record', concat_ws(chr(31), extract, document_no, party, body_key)
    ) as record_id
from keyed
