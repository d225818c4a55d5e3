"""population.household_member."""

from __future__ import annotations

from expectations.expected import RECONCILED, no_rows

SUITE = (
    # The other way round (every member's household exists) is a reference of the contract.
    no_rows(
        "table.covers_households",
        RECONCILED,
        "FROM population.household AS this ANTI JOIN population.household_member AS that "
        "ON that.household_no = this.household_no",
    ),
)
