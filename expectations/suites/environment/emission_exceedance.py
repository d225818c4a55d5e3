"""environment.emission_exceedance."""

from __future__ import annotations

from expectations.environment import linked
from expectations.expected import RANGE, RECONCILED, no_rows

_EXCEEDANCE = "environment.emission_exceedance"
_KEY = ("uscc", "outlet_code", "factor_code", "observed_date")
_SAME = " AND ".join(f"that.{name} = this.{name}" for name in _KEY)

SUITE = (
    linked(_EXCEEDANCE),
    no_rows(
        "concentration.above_limit",
        RANGE,
        f"FROM {_EXCEEDANCE} WHERE concentration <= limit_value",
    ),
    no_rows(
        "table.covers_monitoring",
        RECONCILED,
        f"FROM environment.emission_monitoring AS that ANTI JOIN {_EXCEEDANCE} AS this ON {_SAME} "
        "WHERE that.is_valid AND that.concentration > that.limit_value",
    ),
)
