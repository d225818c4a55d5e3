-- The person of each enrolment: by its number, else by the one number that other enrolments of the
-- same personal number under the same name have. Nobody is made of a number that the population
-- library does not know.
with enrolments as (
    select
        enrolment_no,
        person_no,
        {{ comparable_person_name('name') }} as comparable_name,
        resident_id
    from {{ ref('stg_social_security__insured_person') }}
),

of_persons as (
    select
        person_no,
        comparable_name,
        min(resident_id) as resident_id
    from enrolments
    where resident_id is not null
    group by person_no, comparable_name
    having min(resident_id) = max(resident_id)
),

parties as (
    select
        enrolments.enrolment_no as party_key,
        coalesce(enrolments.resident_id, of_persons.resident_id) as resident_id,
        enrolments.resident_id is null as is_by_person_no,
        cast(null as varchar) as uscc,
        cast(null as varchar) as organisation_code,
        cast(null as varchar) as registration_no
    from enrolments
    left join of_persons
        on
            enrolments.person_no = of_persons.person_no
            and enrolments.comparable_name = of_persons.comparable_name
),

{{ link_parties('parties') }}

select
    parties.party_key as enrolment_no,
    linked_parties.person_id,
    case
        when linked_parties.person_id is not null and parties.is_by_person_no then '经个人编号关联'
        when linked_parties.person_id is not null then '已关联'
        when parties.resident_id is null then '号码缺失或无效'
        else '人口库中没有'
    end as link_status
from parties
inner join linked_parties on parties.party_key = linked_parties.party_key
