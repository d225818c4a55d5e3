-- One row per penalty: of the departments that tell of it the later business date speaks.
with keyed as (
    select
        keys.record_id,
        given.*
    from {{ ref('stg_credit__administrative_penalty') }} as given
    inner join {{ ref('int_credit__list_keys') }} as keys
        on
            keys.extract = 'credit/administrative_penalty'
            and {{ same_credit_key('given', 'keys', 'cf_wsh', 'cf_xdr_mc', 'cf_cfjgdm', 'cf_cfjg') }}
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
