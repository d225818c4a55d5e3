{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
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
where {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
