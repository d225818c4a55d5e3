-- One row per current licence. Whether it is in force is computed and stands beside the recorded
-- status.
select
    licences.licence_identifier,
    licences.licence_name,
    licences.licence_type_code,
    licences.licence_no,
    licences.issuer_uscc,
    licences.issuer_name,
    cast(len(string_split(licences.holder_name, '^')) as integer) as holder_count,
    licences.issued_date,
    licences.valid_from,
    licences.valid_to,
    licences.valid_to_is_long_term as is_long_term,
    licences.status_code,
    licences.is_in_force,
    licences.licence_identifier_is_valid as is_identifier_valid,
    versions.replaces_identifier,
    versions.is_current_version,
    licences.updated_at
from {{ ref('int_e_licence__list_licences') }} as licences
inner join {{ ref('int_e_licence__link_versions') }} as versions
    on licences.licence_identifier = versions.licence_identifier
