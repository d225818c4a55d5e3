-- R-POP-10: married while an earlier marriage to somebody else has not ended by divorce or death.
-- R-POP-11: registered after the death of one of the two. R-POP-12: married below the legal age.
-- A record that is only likely the person's is not asked about, but may end a marriage.
with spouses as (
    select
        mentions.person_id,
        mentions.resident_id,
        mentions.role,
        mentions.is_certain,
        marriages.registration_no as record_key,
        marriages.registration_type,
        marriages.registered_date,
        marriages.provider,
        marriages.business_date,
        'population/marriage_registration' as extract,
        if(mentions.role = '男方', 'husband', 'wife') || '_resident_id' as number_attribute,
        {{ comparable_person_name(
            "if(mentions.role = '男方', marriages.wife_name, marriages.husband_name)"
        ) }} as partner_name
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('stg_population__marriage_registration') }} as marriages
        on mentions.record_key = marriages.registration_no
    where mentions.extract = 'population/marriage_registration'
),

deaths as (
    select * from {{ ref('int_population__list_deaths') }}
    where death_rank = 1
),

-- a certificate that is issued again changes no marriage
events as (
    select
        spouses.*,
        partners.person_id as partner_id,
        partners.is_certain as is_partner_certain,
        lag(spouses.is_certain) over before as is_earlier_certain,
        lag(partners.is_certain) over before as is_earlier_partner_certain,
        lag(spouses.registration_type) over before as earlier_type,
        lag(partners.person_id) over before as earlier_partner_id,
        lag(spouses.partner_name) over before as earlier_partner_name,
        lag(spouses.registered_date) over before as earlier_date,
        lag(spouses.business_date) over before as counterpart_date,
        lag(spouses.record_key) over before as counterpart_record_key,
        spouses.extract as counterpart_extract
    from spouses
    left join spouses as partners
        on spouses.record_key = partners.record_key and spouses.role <> partners.role
    where spouses.registration_type in ('结婚', '离婚')
    window before as (
        partition by spouses.person_id
        order by
            spouses.registered_date,
            spouses.registration_type = '结婚',
            spouses.record_key,
            spouses.role
    )
),

objections as (
    select
        'R-POP-10' as rule_id,
        events.*,
        events.number_attribute as attribute,
        events.resident_id as value_seen,
        events.earlier_date || ' 登记结婚后没有离婚登记' as evidence
    from events
    -- widowed: not asked about, nor where the date of the death is not known
    anti join deaths
        on
            events.earlier_partner_id = deaths.person_id
            and coalesce(events.registered_date >= deaths.death_date, true)
    where
        events.is_certain
        and events.is_earlier_certain
        and events.registration_type = '结婚'
        and events.earlier_type = '结婚'
        and coalesce(events.partner_id <> events.earlier_partner_id, true)
        and (
            events.partner_name <> events.earlier_partner_name
            or (events.is_partner_certain and events.is_earlier_partner_certain)
        )
    union all by name
    select
        'R-POP-11' as rule_id,
        spouses.*,
        'registered_date' as attribute,
        cast(spouses.registered_date as varchar) as value_seen,
        spouses.role || '死亡日期 ' || deaths.death_date as evidence,
        {{ counterpart('deaths') }}
    from spouses
    inner join deaths on spouses.person_id = deaths.person_id
    where
        spouses.is_certain
        and deaths.is_certain
        and spouses.registered_date > deaths.death_date
    union all by name
    select
        'R-POP-12' as rule_id,
        spouses.*,
        number_attribute as attribute,
        resident_id as value_seen,
        registered_date || ' 登记时' || role || '不足' || {{ marriage_age('role', 'registered_date') }}
        || '周岁' as evidence,
        {{ counterpart('spouses') }}
    from spouses
    where
        is_certain
        and registration_type = '结婚'
        and registered_date < {{ birth_date_of_number('resident_id') }}
        + to_years({{ marriage_age('role', 'registered_date') }})
)

select
    {{ objection_columns('person_id') }}
from objections
