-- Where each person lives by a valid permit, else where he is registered, with the division stated
-- beside that address.
with registrations as (
    select * from {{ ref('int_population__choose_registration') }}
),

permits as (
    select * from {{ ref('int_population__choose_permit') }}
    where residence_address is not null
)

select
    coalesce(permits.person_id, registrations.person_id) as person_id,
    coalesce(permits.residence_address, registrations.registered_address) as address,
    case
        when permits.person_id is not null then permits.residence_division_code
        else registrations.registered_division_code
    end as division_code
from registrations
full join permits on registrations.person_id = permits.person_id
