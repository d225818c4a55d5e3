-- The right holders of each parcel. Ingest leaves names and numbers in two fields, joined by ^, an
-- unusable number as an empty place. They belong to each other only where there are as many places
-- in the one as in the other.
with parcels as (
    select
        real_estate_unit_no,
        business_date,
        right_holder_name,
        right_holder_id,
        string_split(right_holder_name, '^') as names,
        string_split(right_holder_id, '^') as numbers
    from {{ ref('stg_geospatial__land_parcel') }}
),

paired as (
    select
        *,
        coalesce(len(names) = len(numbers), true) as is_paired,
        coalesce(len(names), len(numbers)) as holders
    from parcels
    where right_holder_name is not null or right_holder_id is not null
),

positions as (
    select
        paired.*,
        unnest(range(1, paired.holders + 1)) as holder_position
    from paired
)

select
    real_estate_unit_no,
    cast(holder_position as integer) as holder_position,
    business_date,
    nullif(names[holder_position], '') as holder_name,
    case when is_paired then nullif(numbers[holder_position], '') end as holder_number,
    is_paired,
    cast(coalesce(len(names), 0) as integer) as names_given,
    cast(coalesce(len(numbers), 0) as integer) as numbers_given
from positions
