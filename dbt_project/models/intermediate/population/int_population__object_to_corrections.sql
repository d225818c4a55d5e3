-- R-POP-17: the police changed the number of a registration, and identity does not follow, because
-- what else is known speaks against one person with two numbers.
with corrections as (
    select * from {{ ref('int_population__correct_numbers') }}
    -- what a person decided is asked of nobody
    where refused_because is not null and refused_because <> '人工认定不是同一人'
    qualify row_number() over (
        partition by record_id order by since desc, old_number asc, new_number asc
    ) = 1
),

objections as (
    select
        'R-POP-17' as rule_id,
        mentions.person_id,
        mentions.provider,
        mentions.extract,
        mentions.record_key,
        'resident_id' as attribute,
        corrections.new_number as value_seen,
        '原号码 ' || corrections.old_number || '，' || corrections.refused_because as evidence,
        corrections.since as business_date,
        corrections.since as counterpart_date,
        mentions.extract as counterpart_extract,
        mentions.record_key as counterpart_record_key
    from corrections
    inner join {{ ref('int_population__rank_mentions') }} as mentions
        on corrections.record_id = {{ record_id('mentions') }}
)

select
    {{ objection_columns('person_id') }}
from objections
