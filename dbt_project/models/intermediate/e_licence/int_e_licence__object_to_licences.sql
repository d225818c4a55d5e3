-- R-LIC-06: two of one type in force for one holder where the type allows one; the one issued last
-- stands, the others are asked about. R-LIC-07: recorded as in force, its validity over. R-LIC-08:
-- the link that closes a circle of replacements.
with licences as (
    select
        licences.*,
        versions.is_current_version,
        versions.closes_circle
    from {{ ref('int_e_licence__list_licences') }} as licences
    inner join {{ ref('int_e_licence__link_versions') }} as versions
        on licences.licence_identifier = versions.licence_identifier
),

held as (
    select distinct
        licences.licence_identifier,
        licences.known_type_code,
        licences.licence_type_code,
        licences.provider,
        licences.issued_date,
        licences.updated_at,
        licences.business_date,
        holders.person_id,
        holders.entity_id,
        -- a holder whom the libraries do not know is the same under the same code
        coalesce(
            holders.person_id,
            holders.entity_id,
            holders.holder_code_type || ':' || holders.holder_code
        ) as holder_key
    from licences
    inner join {{ ref('int_e_licence__link_holders') }} as holders
        on licences.licence_identifier = holders.licence_identifier
    where
        licences.is_in_force
        and licences.is_current_version
        and not licences.allows_several_in_force
),

ranked as (
    select
        *,
        first_value(licence_identifier) over newest_first as standing_identifier,
        first_value(business_date) over newest_first as standing_date
    from held
    where holder_key is not null
    window newest_first as (
        partition by known_type_code, holder_key
        order by issued_date desc, updated_at desc, licence_identifier desc
    )
),

objections as (
    select
        'R-LIC-06' as rule_id,
        provider,
        licence_identifier,
        'licence_type_code' as attribute,
        licence_type_code as value_seen,
        '同一持证主体另有一份同类型的有效证照' as evidence,
        greatest(business_date, standing_date) as opened_date,
        standing_identifier as counterpart_record_key,
        person_id,
        entity_id
    from ranked
    where licence_identifier <> standing_identifier
    qualify
        row_number() over (
            partition by licence_identifier, standing_identifier order by holder_key
        ) = 1
    union all by name
    select
        'R-LIC-07' as rule_id,
        provider,
        licence_identifier,
        'status_code' as attribute,
        '有效' as value_seen,
        '有效期截止 ' || cast(valid_to as varchar) as evidence,
        greatest(business_date, valid_to + 1) as opened_date,
        licence_identifier as counterpart_record_key
    from licences
    where status_code = '01' and valid_to < {{ business_date() }}
    union all by name
    select
        'R-LIC-08' as rule_id,
        licences.provider,
        licences.licence_identifier,
        'previous_identifier' as attribute,
        licences.previous_identifier as value_seen,
        '所替代的证照又直接或间接替代本证照' as evidence,
        greatest(licences.business_date, replaced.business_date) as opened_date,
        licences.previous_identifier as counterpart_record_key
    from licences
    inner join licences as replaced on licences.previous_identifier = replaced.licence_identifier
    where licences.closes_circle
)

select
    rule_id,
    provider,
    'e_licence/licence' as extract,
    licence_identifier as record_key,
    attribute,
    value_seen,
    evidence,
    opened_date,
    'e_licence/licence' as counterpart_extract,
    counterpart_record_key,
    person_id,
    entity_id
from objections
