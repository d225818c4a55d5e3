-- When each record first reached the city, and through whom: over all rows that ever told of it,
-- also those that later ones replaced. Business dates count, not the order of arrival.
with rows_given as (
    select
        keys.record_id,
        given.provider,
        given.business_date,
        given.delivery_order,
        given.line,
        given.delivery_id
    from {{ source('raw', 'credit__administrative_permit') }} as given
    inner join {{ ref('int_credit__list_keys') }} as keys
        on
            keys.extract = 'credit/administrative_permit'
            and {{ same_credit_key('given', 'keys', 'xk_wsh', 'xk_xdr_mc', 'xk_xkjgdm', 'xk_xkjg') }}
    union all
    select
        keys.record_id,
        given.provider,
        given.business_date,
        given.delivery_order,
        given.line,
        given.delivery_id
    from {{ source('raw', 'credit__administrative_penalty') }} as given
    inner join {{ ref('int_credit__list_keys') }} as keys
        on
            keys.extract = 'credit/administrative_penalty'
            and {{ same_credit_key('given', 'keys', 'cf_wsh', 'cf_xdr_mc', 'cf_cfjgdm', 'cf_cfjg') }}
)

select
    record_id,
    business_date as first_reached_date,
    provider as first_provider
from rows_given
qualify
    row_number() over (
        partition by record_id order by business_date, delivery_order, line, delivery_id
    ) = 1
