-- What the city knows of each entity, in figures: every one counts or sums rows of
-- credit.entity_credit_item. An entity without any has zeros; arrears are NULL where the entity
-- is no employer of the social-security office.
with figures as (
    select
        entity_id,
        count(*) filter (where item_kind = '行政许可') as permits,
        count(*) filter (where item_kind = '行政许可' and is_current) as permits_valid,
        count(*) filter (where item_kind = '行政处罚') as penalties,
        count(*) filter (where item_kind = '行政处罚' and is_current) as penalties_public,
        sum(amount_cny) filter (where item_kind = '行政处罚') as fines_cny,
        sum(amount_cny) filter (where item_kind = '没收') as confiscated_cny,
        max(item_date) filter (where item_kind = '行政处罚') as last_penalty_date,
        count(*) filter (where item_kind = '失信被执行人') as debtor_listings,
        count(*) filter (where item_kind = '失信被执行人' and is_current) as debtor_listings_open,
        count(*) filter (where item_kind = '污染源超标') as exceedances,
        count(*) filter (where item_kind = '证照' and is_current) as licences_in_force,
        count(*) filter (where item_kind = '参保单位') as employers,
        sum(amount_cny) filter (where item_kind = '社保欠费') as arrears_cny
    from {{ ref('credit__entity_credit_item') }}
    group by entity_id
)

select
    entities.entity_id,
    entities.uscc,
    entities.name,
    entities.entity_kind,
    entities.registration_status_code,
    entities.closed_date,
    entities.tax_credit_rating,
    cast(coalesce(figures.permits, 0) as integer) as permits,
    cast(coalesce(figures.permits_valid, 0) as integer) as permits_valid,
    cast(coalesce(figures.penalties, 0) as integer) as penalties,
    cast(coalesce(figures.penalties_public, 0) as integer) as penalties_public,
    cast(coalesce(figures.fines_cny, 0) as decimal(20, 2)) as fines_cny,
    cast(coalesce(figures.confiscated_cny, 0) as decimal(20, 2)) as confiscated_cny,
    figures.last_penalty_date,
    cast(coalesce(figures.debtor_listings, 0) as integer) as debtor_listings,
    coalesce(figures.debtor_listings_open, 0) > 0 as is_dishonest_debtor,
    cast(coalesce(figures.exceedances, 0) as integer) as exceedances,
    cast(coalesce(figures.licences_in_force, 0) as integer) as licences_in_force,
    cast(
        case when figures.employers > 0 then coalesce(figures.arrears_cny, 0) end as decimal(20, 2)
    ) as arrears_cny
from {{ ref('legal_entity__legal_entity') }} as entities
left join figures on entities.entity_id = figures.entity_id
