-- Right holders with the entity or person that the number names. What kind of number it is is not said:
-- of a social credit code only the whole counts, since the part that names the organisation could stand
-- in a resident number.
with entities as (
    select distinct
        uscc,
        entity_id
    from {{ ref('int_legal_entity__rank_records') }}
    where uscc is not null
    -- a number with two entities names neither
    qualify count(distinct entity_id) over (partition by uscc) = 1
),

persons as (
    {{ numbered_persons() }}
)

select
    holders.real_estate_unit_no,
    holders.holder_position,
    holders.holder_name,
    entities.entity_id,
    persons.person_id,
    case
        when entities.entity_id is not null or persons.person_id is not null then '已关联'
        when not holders.is_paired then '权利人与证件号码个数不同'
        when holders.holder_number is null then '没有证件号码'
        else '证件号码未见于人口库或法人库'
    end as link_state
from {{ ref('int_geospatial__split_holders') }} as holders
left join entities on holders.holder_number = entities.uscc
left join persons on holders.holder_number = persons.resident_id
