"""From the worker's answer to gate records. What is not plainly a pass is no pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from expectations.expected import NOT_RUN, Expected
from ledger.records import GateRecord

# Stands for a product's whole suite where no single expectation can be named.
WHOLE_SUITE = "suite.run"
_FIELDS = 4  # expectation id, status, unexpected, checked


def not_run(product: str, expected: Iterable[Expected] = ()) -> list[GateRecord]:
    """One error per expectation, or one for the whole suite when none is known."""
    ids = [e.id for e in expected] or [WHOLE_SUITE]
    return [GateRecord(product, id_, NOT_RUN, "error") for id_ in ids]


def records(product: str, expected: Sequence[Expected], told: object) -> list[GateRecord]:
    """Read the worker's rows of one product.

    Args:
        product: the product.
        expected: every expectation that must be answered, exactly once.
        told: what the worker said; any shape.

    Returns:
        One record per expectation in the order of the suite, and an error for the whole suite
        when the answer holds anything that was not asked for.
    """
    if not isinstance(told, list):
        return not_run(product, expected)
    answers: dict[str, list[Any]] = {}
    strange = False
    wanted = {e.id for e in expected}
    for row in told:
        if isinstance(row, list) and len(row) == _FIELDS and row[0] in wanted:
            answers.setdefault(row[0], []).append(row)
        else:
            strange = True
    result = [_record(product, e, answers.get(e.id, [])) for e in expected]
    return result + (not_run(product) if strange or not expected else [])


def _record(product: str, expected: Expected, rows: list[Any]) -> GateRecord:
    if len(rows) == 1:
        _, status, unexpected, checked = rows[0]
        counts = (unexpected, checked)
        if all(type(count) is int and count >= 0 for count in counts) and (
            (status == "passed" and unexpected == 0) or (status == "failed" and unexpected > 0)
        ):
            return GateRecord(product, expected.id, expected.rule_id, status, *counts)
    return GateRecord(product, expected.id, NOT_RUN, "error")
