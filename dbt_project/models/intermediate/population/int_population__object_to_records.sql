{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- R-POP-02: another name than the authority's for one number. R-POP-03: registered twice.
-- R-POP-06 and R-POP-07: sex or birth date against the number in the same record. Of records without
-- the number nothing is said: who is linked by likelihood or by a person bears no number twice.
with mentions as (
    select * from {{ ref('int_population__rank_mentions') }}
    where
        is_certain
        and link_kind <> 'decision'
        -- a void certificate is not asked about
        and not (
            validity_rank > 0
            and extract in ('population/birth_certificate', 'population/death_certificate')
        )
        and {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
),

authorities as (
    select * from mentions
    where name is not null
    qualify row_number() over (partition by person_id order by mention_rank) = 1
),

former_names as (
    select
        person_id,
        former_name
    from {{ ref('int_population__choose_registration') }}
    where
        former_name is not null
        and {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
),

other_names as (
    select
        'R-POP-02' as rule_id,
        mentions.*,
        mentions.name_attribute as attribute,
        mentions.name as value_seen,
        '姓名 ' || authorities.name as evidence,
        {{ counterpart('authorities') }}
    from mentions
    inner join authorities on mentions.person_id = authorities.person_id
    left join former_names on mentions.person_id = former_names.person_id
    where
        {{ comparable_person_name('mentions.name') }}
        <> {{ comparable_person_name('authorities.name') }}
        -- an older paper under the registered former name is right
        and {{ comparable_person_name('mentions.name') }}
        is distinct from {{ comparable_person_name('former_names.former_name') }}
),

registered as (
    select *
    from mentions
    where extract = 'population/household_registration' and validity_rank = 0
),

second_registrations as (
    select
        'R-POP-03' as rule_id,
        registered.*,
        'registration_status' as attribute,
        '正常' as value_seen,
        '同一号码另有一条在册登记' as evidence,
        {{ counterpart('believed') }}
    from registered
    inner join registered as believed
        on
            registered.person_id = believed.person_id
            and registered.record_key > believed.record_key
    -- by the numbers of the register, not by belief: an update of either record changes who is asked
    -- about as little as the fact
    qualify
        row_number() over (
            partition by registered.extract, registered.record_key order by believed.record_key
        ) = 1
),

against_numbers as (
    select
        'R-POP-06' as rule_id,
        *,
        'sex_code' as attribute,
        sex_code as value_seen,
        '公民身份号码第 17 位所示性别 ' || {{ sex_of_number('resident_id') }} as evidence
    from mentions
    where sex_code in ('1', '2') and sex_code <> {{ sex_of_number('resident_id') }}
    union all by name
    select
        'R-POP-07' as rule_id,
        *,
        'birth_date' as attribute,
        cast(birth_date as varchar) as value_seen,
        '公民身份号码所示出生日期 '
        || cast({{ birth_date_of_number('resident_id') }} as varchar) as evidence
    from mentions
    where birth_date <> {{ birth_date_of_number('resident_id') }}
),

objections as (
    select * from other_names
    union all by name
    select * from second_registrations
    union all by name
    select
        *,
        business_date as counterpart_date,
        extract as counterpart_extract,
        record_key as counterpart_record_key
    from against_numbers
)

select
    {{ objection_columns('person_id') }}
from objections
