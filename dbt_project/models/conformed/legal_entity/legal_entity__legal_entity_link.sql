-- Every current record of a register, to its entity, with how that is known.
select
    ranked.extract,
    ranked.record_key,
    ranked.entity_id,
    links.link_kind,
    links.match_probability,
    links.model_version,
    links.decided_by,
    ranked.provider,
    ranked.business_date,
    ranked.delivery_id,
    ranked.line
from {{ ref('int_legal_entity__rank_records') }} as ranked
inner join {{ ref('int_legal_entity__settle_records') }} as links
    on ranked.extract = links.extract and ranked.record_key = links.record_key
