{{ config(
    materialized='touched', of='int_population__touch_persons', column='person_id',
    key='subject_id'
) }}
-- Every statement of a current record about a value of a person, in the order in which it is believed
-- (catalog/survivorship/population.yml); sex and birth date from the number where nobody states them.
{% set mentions %}
    select
        person_id as subject_id,
        extract,
        record_key,
        role
    from {{ ref('int_population__rank_mentions') }}
    where {{ touched('int_population__touch_persons', 'person_id', 'person_id') }}
{% endset %}
{% set numbered %}
    select
        mentions.person_id as subject_id,
        identified.resident_id,
        mentions.extract,
        mentions.record_key,
        mentions.role,
        mentions.provider,
        mentions.delivery_id,
        mentions.line,
        mentions.business_date,
        mentions.updated_at
    from {{ ref('int_population__rank_mentions') }} as mentions
    inner join {{ ref('int_population__identify_persons') }} as identified
        on mentions.person_id = identified.person_id
    where identified.resident_id is not null and {{ touched('int_population__touch_persons', 'person_id', 'mentions.person_id') }}
    -- a record whose number is blank today speaks for the number of its earlier version
    qualify
        row_number() over (
            partition by mentions.person_id
            order by
                mentions.resident_id is distinct from identified.resident_id, mentions.mention_rank
        ) = 1
{% endset %}
{{ rank_statements('population', mentions=mentions, fallback=numbered) }}
