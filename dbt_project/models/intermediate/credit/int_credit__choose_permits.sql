-- One row per permit: of the departments that tell of it the later business date speaks.
with keyed as (
    select
        keys.record_id,
        given.*
    from {{ ref('stg_credit__administrative_permit') }} as given
    inner join {{ ref('int_credit__list_keys') }} as keys
        on
            keys.extract = 'credit/administrative_permit'
            and {{ same_credit_key('given', 'keys', 'xk_wsh', 'xk_xdr_mc', 'xk_xkjgdm', 'xk_xkjg') }}
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
