"""population.household."""

from __future__ import annotations

from expectations.expected import RECONCILED, county_of, no_rows

_HOUSEHOLD = "population.household"

SUITE = (
    no_rows(
        "head_person_id.is_member",
        RECONCILED,
        f"FROM {_HOUSEHOLD} AS this ANTI JOIN population.household_member AS that "
        "ON that.household_no = this.household_no AND that.person_id = this.head_person_id "
        "WHERE this.head_person_id IS NOT NULL",
    ),
    no_rows(
        "member_count.of_members",
        RECONCILED,
        f"FROM {_HOUSEHOLD} AS this LEFT JOIN (SELECT household_no, count(*) AS n "
        "FROM population.household_member GROUP BY household_no) AS that "
        "ON that.household_no = this.household_no "
        "WHERE this.member_count IS DISTINCT FROM coalesce(that.n, 0)",
    ),
    county_of(_HOUSEHOLD, "registered_county_code", "registered_division_code"),
)
