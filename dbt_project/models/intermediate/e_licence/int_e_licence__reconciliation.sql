-- How many rows came, what became of them. Every current licence mentions each of its holders.
with mentions as (
    select
        count(*) as mentions,
        count(*) filter (where link_status = '已关联') as identified
    from {{ ref('int_e_licence__link_holders') }}
)

select
    'e_licence/licence' as extract,
    (select count(*) from {{ source('raw', 'e_licence__licence') }}) as raw_rows,
    (select count(*) from {{ ref('stg_e_licence__licence') }}) as current_records,
    mentions,
    identified,
    mentions - identified as unresolved
from mentions
