-- Every administrative permit that departments told of, in the formats of 2015 and 2018. What a
-- format does not have is NULL.
select
    permits.record_id,
    permits.xk_wsh as document_no,
    permits.xk_xkws as document_name,
    permits.xk_xmmc as project_name,
    parties.counterparty_kind,
    parties.kind_basis as counterparty_kind_basis,
    parties.entity_id,
    parties.person_id,
    parties.link_status,
    permits.xk_xdr_mc as counterparty_name,
    permits.xk_xdr_shxym as uscc,
    permits.xk_xdr_zzjg as organisation_code,
    permits.xk_xdr_gszc as registration_no,
    permits.xk_xdr_swdj as taxpayer_no,
    permits.xk_xdr_sydw as institution_certificate_no,
    permits.xk_xdr_shzz as social_organisation_no,
    permits.xk_xdr_zjlx as person_paper,
    parties.names_person as has_person_number,
    permits.xk_frdb as legal_representative_name,
    permits.xk_xklb as permit_class,
    permits.xk_xkzs as certificate_name,
    permits.xk_xkbh as certificate_no,
    permits.xk_nr as content,
    permits.xk_jdrq as decision_date,
    permits.xk_yxqz as valid_from,
    permits.xk_yxqzi as valid_to,
    coalesce(permits.xk_yxqzi_is_long_term, false) as is_long_term,
    permits.xk_xkjg as deciding_body_name,
    permits.xk_xkjgdm as deciding_body_uscc,
    coalesce(permits.xk_zt, permits.xk_zt_2015) as status,
    coalesce(coalesce(permits.xk_zt, permits.xk_zt_2015) in ('无效', '撤销'), false) as is_withdrawn,
    permits.xk_lydw as data_source_name,
    permits.xk_lydwdm as data_source_uscc,
    case when permits.xk_lydwdm is null then '2015' else '2018' end as data_standard,
    permits.bz as remark,
    sightings.first_reached_date,
    sightings.first_provider,
    permits.is_corrected,
    permits.provider,
    permits.delivery_id,
    permits.line
from {{ ref('int_credit__choose_permits') }} as permits
inner join {{ ref('int_credit__list_sightings') }} as sightings
    on permits.record_id = sightings.record_id
inner join {{ ref('int_credit__link_parties') }} as parties
    on permits.record_id = parties.party_key
