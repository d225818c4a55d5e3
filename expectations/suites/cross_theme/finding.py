"""cross_theme.finding."""

from __future__ import annotations

from expectations.expected import RECONCILED, known_counterpart, known_extract, no_rows

_FINDING = "cross_theme.finding"

SUITE = (
    known_extract(_FINDING, provider="provider", of_any_domain=True),
    known_counterpart(_FINDING),
    no_rows(
        "table.all_of_the_themes_own",
        RECONCILED,
        f"FROM cross_theme.objection AS that ANTI JOIN {_FINDING} AS this "
        "ON this.objection_id = that.objection_id",
    ),
)
