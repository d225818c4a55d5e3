-- Two pension enrolments of one person whose months overlap: in the employees' and the residents'
-- scheme at once, or twice in one scheme. An enrolment that ended without saying when is not judged.
with pensions as (
    select
        *,
        coalesce(end_month, date '9999-12-01') as last_month
    from {{ ref('social_security__enrolment') }}
    where
        insurance_family = '养老'
        and person_id is not null
        and (end_month is not null or enrolment_status_code = '1')
)

select
    one.enrolment_no,
    other.enrolment_no as other_enrolment_no,
    one.person_id,
    case
        when one.insurance_scheme <> other.insurance_scheme then '职工与居民养老保险同时参保'
        else '养老保险重复参保'
    end as conflict_kind,
    one.insurance_type_code,
    other.insurance_type_code as other_insurance_type_code,
    one.county_code,
    greatest(one.start_month, other.start_month) as overlap_from,
    nullif(least(one.last_month, other.last_month), date '9999-12-01') as overlap_to,
    one.provider,
    one.business_date,
    other.business_date as other_business_date
from pensions as one
inner join pensions as other
    on
        one.person_id = other.person_id
        and one.enrolment_no < other.enrolment_no
        and one.start_month <= other.last_month
        and one.last_month >= other.start_month
