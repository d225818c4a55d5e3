"""population.marriage."""

from __future__ import annotations

from expectations.expected import RANGE, no_rows, not_in_future

_MARRIAGE = "population.marriage"

SUITE = (
    not_in_future(_MARRIAGE, "registered_date", tolerated=True),
    # The first marriage law of the People's Republic is of May 1950; older papers were taken over.
    no_rows(
        "registered_date.range",
        RANGE,
        f"FROM {_MARRIAGE} WHERE registered_date < DATE '1912-01-01'",
        tolerated_in=_MARRIAGE,
    ),
)
