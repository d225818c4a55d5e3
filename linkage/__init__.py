"""Which records without a usable identifier speak of whom: Splink on DuckDB.

Belongs here: specifications, normal forms for comparing, scoring, decisions, training; functions
on a DuckDB connection.
Does not belong here: dbt, Dagster, deliveries; where tables come from, what becomes of a link.

`spec` gives a kind's columns and trained parameters, `score` the likely pairs, `decide` one outcome
for each record. docs/linkage.md says how.
"""

from linkage.deciding import Decided, decide
from linkage.known import Previous
from linkage.scoring import score
from linkage.spec import Spec, spec

__all__ = ["Decided", "Previous", "Spec", "decide", "score", "spec"]
