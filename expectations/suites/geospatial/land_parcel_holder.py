"""geospatial.land_parcel_holder."""

from __future__ import annotations

from expectations.expected import KEY, LISTED, RECONCILED, no_rows

_HOLDER = "geospatial.land_parcel_holder"

SUITE = (
    no_rows(
        "holder_position.gapless",
        RECONCILED,
        f"FROM (SELECT count(*) AS n, max(holder_position) AS last FROM {_HOLDER} "
        "GROUP BY real_estate_unit_no) WHERE n <> last",
    ),
    no_rows(
        "link_state.when_linked",
        LISTED,
        f"FROM {_HOLDER} WHERE (link_state = '已关联') "
        "<> (entity_id IS NOT NULL OR person_id IS NOT NULL)",
    ),
    no_rows(
        "entity_id.or_person_id",
        KEY,
        f"FROM {_HOLDER} WHERE entity_id IS NOT NULL AND person_id IS NOT NULL",
    ),
)
