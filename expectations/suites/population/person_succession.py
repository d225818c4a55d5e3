"""population.person_succession."""

from __future__ import annotations

from expectations.expected import KEY, no_rows

_SUCCESSION = "population.person_succession"

SUITE = (
    no_rows(
        "old_id.retired",
        KEY,
        f"FROM {_SUCCESSION} AS this SEMI JOIN population.person AS that "
        "ON that.person_id = this.old_id WHERE this.reason <> '拆分'",
    ),
    no_rows(
        "new_id.final",
        KEY,
        f"FROM {_SUCCESSION} AS this SEMI JOIN {_SUCCESSION} AS that ON that.old_id = this.new_id "
        "AND that.reason <> '拆分'",
    ),
    # who follows an old id arrives at one person
    no_rows(
        "old_id.one_successor",
        KEY,
        f"FROM {_SUCCESSION} WHERE reason <> '拆分' GROUP BY old_id HAVING count(*) > 1",
    ),
)
