-- Current licences with what the list of types says of them and whether they are in force at the
-- business date. A code that the list does not hold is known by the type's exact name, if by that.
-- An end of validity that was given but cannot be used leaves it open whether the licence is in
-- force (NULL); a recorded status other than 有效 settles it.
with licences as (
    select * from {{ ref('stg_e_licence__licence') }}
),

types as (
    select
        code,
        unnest(string_split(concat_ws('|', name, aliases), '|')) as name,
        allows_several_in_force = 'Y' as allows_several_in_force,
        ends_with_holder = 'Y' as ends_with_holder
    from {{ ref('licence_type') }}
),

codes as (
    select distinct
        code,
        allows_several_in_force,
        ends_with_holder
    from types
)

select
    licences.*,
    coalesce(codes.code, types.code) as known_type_code,
    coalesce(
        codes.allows_several_in_force, types.allows_several_in_force
    ) as allows_several_in_force,
    coalesce(codes.ends_with_holder, types.ends_with_holder) as ends_with_holder,
    case
        when licences.status_code <> '01' then false
        when coalesce(licences.valid_from, licences.issued_date) > {{ business_date() }} then false
        when licences.valid_to < {{ business_date() }} then false
        when licences.valid_to is not null or licences.valid_to_is_long_term then true
    end as is_in_force
from licences
left join codes on licences.licence_type_code = codes.code
left join types on licences.licence_name = types.name
