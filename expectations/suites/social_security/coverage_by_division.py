"""social_security.coverage_by_division."""

from __future__ import annotations

from expectations.expected import RECONCILED, no_rows

_BY_DIVISION = "social_security.coverage_by_division"
_COUNTS = "sum(residents_of_age) AS residents, sum(enrolled) AS enrolled"
_KEY = "division_code, month, insurance_type_code"

SUITE = (
    no_rows(
        "table.equals_groups",
        RECONCILED,
        f"FROM (SELECT {_KEY}, {_COUNTS} FROM {_BY_DIVISION} GROUP BY ALL) AS this "
        f"FULL JOIN (SELECT {_KEY}, {_COUNTS} FROM social_security.coverage_by_group GROUP BY ALL) "
        f"AS that USING ({_KEY}) WHERE this.residents IS DISTINCT FROM that.residents "
        "OR this.enrolled IS DISTINCT FROM that.enrolled",
    ),
)
