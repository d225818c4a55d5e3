-- Every mention of a person by a current record, to the person, with how that is known.
select
    links.extract,
    links.record_key,
    links.role,
    mentions.person_id,
    links.link_kind,
    links.match_probability,
    links.model_version,
    links.decided_by,
    mentions.provider,
    mentions.business_date,
    mentions.delivery_id,
    mentions.line
from {{ ref('int_population__link_mentions') }} as links
inner join {{ ref('int_population__rank_mentions') }} as mentions
    on
        links.extract = mentions.extract
        and links.record_key = mentions.record_key
        and links.role = mentions.role
