"""e_licence.objection."""

from __future__ import annotations

from expectations.expected import LISTED, known_extract, no_rows

_OBJECTION = "e_licence.objection"

SUITE = (
    known_extract(_OBJECTION, provider="provider"),
    # deaths and closures are told by extracts of other domains
    no_rows(
        "counterpart_extract.known",
        LISTED,
        f"FROM {_OBJECTION} AS this ANTI JOIN gate.extract AS told "
        "ON told.extract = this.counterpart_extract WHERE this.counterpart_extract IS NOT NULL",
    ),
)
