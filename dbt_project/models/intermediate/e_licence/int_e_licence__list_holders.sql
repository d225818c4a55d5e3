-- One row per licence and holder, in the order given. Ingest has joined several holders by ^ and
-- seen to it that there are as many codes as names, with an empty place where a code was no good.
with places as (
    select
        *,
        string_split(holder_name, '^') as names,
        string_split(holder_code, '^') as codes,
        unnest(range(1, len(string_split(holder_name, '^')) + 1)) as place
    from {{ ref('stg_e_licence__licence') }}
)

select
    licence_identifier,
    cast(place as integer) as holder_position,
    nullif(names[place], '') as holder_name,
    holder_code_type,
    nullif(codes[place], '') as holder_code,
    provider,
    business_date
from places
