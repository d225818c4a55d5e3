-- Where each person lives by a valid permit, else where he is registered, with the division stated
-- beside that address.
select
    person_id,
    coalesce(residence_address, registered_address) as address,
    case
        when residence_address is not null then residence_division_code
        else registered_division_code
    end as division_code
from {{ ref('int_population__choose_values') }}
