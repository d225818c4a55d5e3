"""environment.surface_water_sample."""

from __future__ import annotations

from expectations.environment import all_records
from expectations.expected import RANGE, no_rows

_SAMPLE = "environment.surface_water_sample"

SUITE = (
    all_records(_SAMPLE, "surface_water"),
    no_rows(
        "value.half_of_detection_limit",
        RANGE,
        f"FROM {_SAMPLE} WHERE is_below_detection <> (detection_limit IS NOT NULL) "
        "OR is_below_detection AND abs(2 * value - detection_limit) > 0.0000000002",
    ),
    no_rows("value.ph_range", RANGE, f"FROM {_SAMPLE} WHERE item_name = 'pH值' AND value > 14"),
)
