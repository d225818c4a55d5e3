"""What becomes of each record: linked, grouped, new, for a person to look at, or too little said.

Human decisions come first and are absolute. A record never joins two subjects: what reaches more
than one goes to a person.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from linkage.components import components
from linkage.prepare import derived_of
from linkage.spec import Spec
from linkage.steps import CANDIDATES, OUTCOMES, STEPS, TOLD

if TYPE_CHECKING:
    import duckdb


class Decided(NamedTuple):
    """The tables `decide` leaves, temporary ones on the connection.

    Attributes:
        outcomes: one row for each record: `record_id`, `unit_id`, `outcome` (linked, grouped, new,
            review, insufficient), `subject_key` (when linked), `group_id` (the smallest record_id
            of records that are one unknown subject; a record alone is its own group; NULL when
            linked, for review or insufficient), `link_kind` (decision, likelihood, group; of a
            link), `match_weight`, `match_probability`, `model_version` (of the pair that counted).
        candidates: what a person compares: `record_id`, `subject_key` or `other_record_id`,
            `unit_id` of the best pair's other side, `match_weight`, `match_probability`; of every
            record whose outcome is review.
    """

    outcomes: str
    candidates: str


def decide(
    connection: duckdb.DuckDBPyConnection,
    spec: Spec,
    pairs: str,
    records: str,
    subjects_of_profiles: str,
    decisions: str | None = None,
) -> Decided:
    """Give every record one outcome; the same for any order of rows.

    Args:
        connection: holds the tables named here; gets the results as temporary tables.
        spec: the one the pairs were scored by.
        pairs: as `score` left them.
        records: `unit_id`, `record_id` (stable: extract|record_key|role) and the columns.
        subjects_of_profiles: `unit_id` of each profile, `subject_key`.
        decisions: what people decided, the valid one for each pair: `record_id`, and `subject_key`
            or `other_record_id`, `verdict` (same, different).
    """
    learnt = spec.learnt
    names = {
        "pairs": pairs, "records": records, "subjects": subjects_of_profiles,
        "verdicts": decisions or "(SELECT '' AS record_id, '' AS subject_key, "
        "'' AS other_record_id, '' AS verdict WHERE false)",
        "upper": repr(_bits(spec.upper)), "margin": repr(spec.margin),
        "version": learnt.model_version, "sufficient": spec.sufficient,
        "units": derived_of(connection, spec, records, "record_id"),
    }  # fmt: skip
    for table, sql in STEPS.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql.format(**names)}")
    components(connection, "linkage_edges", "linkage_component")
    outcomes, candidates = f"linkage_outcomes_{spec.kind}", f"linkage_candidates_{spec.kind}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE linkage_told AS {TOLD}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {outcomes} AS {OUTCOMES.format(**names)}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {candidates} AS {CANDIDATES.format(outcomes=outcomes)}"
    )
    for table in (*STEPS, "linkage_component", "linkage_told"):
        connection.execute(f"DROP TABLE {table}")
    return Decided(outcomes, candidates)


def _bits(probability: float) -> float:
    return round(math.log2(probability / (1 - probability)), 4)
