"""population.person_link."""

from __future__ import annotations

from expectations.expected import KEY, RECONCILED, known_extract, no_rows

_LINK = "population.person_link"

SUITE = (
    known_extract(_LINK, provider="provider"),
    no_rows(
        "person_id.each_has_a_record",
        RECONCILED,
        f"FROM population.person AS person ANTI JOIN {_LINK} AS told "
        "ON told.person_id = person.person_id",
    ),
    # What was found by likelihood names its parameters; what is exact names none.
    no_rows(
        "match_probability.of_likelihood",
        KEY,
        f"FROM {_LINK} WHERE (link_kind IN ('likelihood', 'group')) <> (model_version IS NOT NULL)",
    ),
)
