-- One row per parcel and right holder.
select
    real_estate_unit_no,
    holder_position,
    holder_name,
    entity_id,
    person_id,
    link_state
from {{ ref('int_geospatial__link_holders') }}
