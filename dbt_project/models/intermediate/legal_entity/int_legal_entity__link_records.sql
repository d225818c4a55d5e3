-- Which subject a record is of. The organisation code (inside the social credit code) is the
-- subject; two different ones are never merged. A record with a registration number alone is of the
-- subject that carries the number in any record, if that is exactly one; its own if there is none;
-- of nobody if there are several. A record keeps what its earlier versions said: a code that a new
-- row lost does not tear the record off.
with records as (
    select
        extract,
        record_key,
        arg_max(subject_code, version_no)
        filter (where subject_code is not null) as organisation_code,
        arg_max(registration_no, version_no)
        filter (where registration_no is not null) as registration_no
    from {{ ref('int_legal_entity__list_versions') }}
    group by extract, record_key
),

number_owners as (
    select
        registration_no,
        min(organisation_code) as organisation_code,
        count(distinct organisation_code) as owners
    from records
    where registration_no is not null and organisation_code is not null
    group by registration_no
)

select
    records.extract,
    records.record_key,
    records.registration_no,
    case
        when records.organisation_code is not null
            then 'organisation_code:' || records.organisation_code
        when number_owners.owners = 1
            then 'organisation_code:' || number_owners.organisation_code
        when number_owners.owners is null
            then 'registration_no:' || records.registration_no
    end as subject_key,
    records.organisation_code is null and coalesce(number_owners.owners > 1, false) as is_ambiguous
from records
left join number_owners on records.registration_no = number_owners.registration_no
