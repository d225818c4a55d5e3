{{ config(materialized='touched', of='int_population__touch_persons', column='person_id', key='person_id') }}
-- Whose every record is that was ever known: of a current record by its link; of one that was
-- deleted, or stood only in a delivery that was replaced or withdrawn, by the newest number in it.
with persons as (
    select * from {{ ref('int_population__link_persons') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
),

former as (
    select
        numbers.extract,
        numbers.record_key,
        numbers.role,
        arg_max(numbers.resident_id, row(numbers.last_date, numbers.resident_id)) as resident_id
    from {{ ref('int_population__list_numbers') }} as numbers
    anti join {{ ref('int_population__list_mentions') }} as mentions
        on
            numbers.extract = mentions.extract
            and numbers.record_key = mentions.record_key
            and numbers.role = mentions.role
    -- all numbers of a record that bore one of theirs
    where
        numbers.record_id in (
            select borne.record_id
            from {{ ref('int_population__list_numbers') }} as borne
            inner join persons on borne.resident_id = persons.resident_id
        )
    group by numbers.extract, numbers.record_key, numbers.role
)

select
    person_id,
    extract,
    record_key,
    role
from {{ ref('int_population__rank_mentions') }}
where {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
union all
select
    persons.person_id,
    former.extract,
    former.record_key,
    former.role
from former
inner join persons on former.resident_id = persons.resident_id
