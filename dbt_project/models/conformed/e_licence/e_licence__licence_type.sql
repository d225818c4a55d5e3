-- The list of types, and the types that current licences carry beside it. A type that is not in the
-- list has its rules by its exact name, if its licences agree on one that the list knows.
with licences as (
    select * from {{ ref('int_e_licence__list_licences') }}
),

listed as (
    select
        *,
        true as is_listed
    from {{ ref('licence_type') }}
    -- a product none of whose sources has come is empty
    where exists (select 1 from licences)
),

seen as (
    select
        licence_type_code,
        case when count(distinct licence_name) = 1 then min(licence_name) end as name,
        case
            when count(distinct licence_name) = 1 then min(known_type_code)
        end as known_type_code
    from licences
    where licence_type_code not in (select listed.code from listed)
    group by licence_type_code
),

types as (
    select
        code as licence_type_code,
        name,
        code as known_type_code,
        is_listed
    from listed
    union all by name
    select
        *,
        false as is_listed
    from seen
)

select
    types.licence_type_code,
    types.name,
    rules.holder_kind,
    rules.validity_years,
    rules.allows_several_in_force = 'Y' as allows_several_in_force,
    rules.ends_with_holder = 'Y' as ends_with_holder,
    types.is_listed
from types
left join listed as rules on types.known_type_code = rules.code
