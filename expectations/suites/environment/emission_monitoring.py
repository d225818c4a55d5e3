"""environment.emission_monitoring."""

from __future__ import annotations

from expectations.environment import all_records, linked

_MONITORING = "environment.emission_monitoring"

SUITE = (all_records(_MONITORING, "emission_monitoring"), linked(_MONITORING))
