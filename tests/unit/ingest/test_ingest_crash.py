"""Killed at any step of taking and answering: the next run gives everything exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.paths import PROJECT, DataRoot
from tests.unit.ingest.ingest_world import HOUSEHOLD, City, csv_bytes, row, rows

_RUN = """
from catalog import catalog
from foundation.paths import DataRoot
from ingest.service import take_inbox
from ledger import Ledger
root = DataRoot.from_environment()
taking = take_inbox(root, Ledger.open(root), catalog(), settle_seconds=0)
assert taking.failed == ()
"""
FAILPOINTS = (
    "take.described", "take.moved", "land.raw", "land.receipt", "land.ledger", "take.finished",
)  # fmt: skip


def run(root: DataRoot, failpoint: str) -> int:
    environment = {
        **os.environ, "TONGCHUAN_DATA": str(root.root), "PYTHONPATH": str(PROJECT),
        "TONGCHUAN_NOW": "2018-04-01T02:00:00", "TONGCHUAN_FAILPOINT": failpoint,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _RUN], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 137), done.stderr
    return done.returncode


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_at_each_step(city: City, failpoint: str) -> None:
    """The first of two waiting deliveries dies; a duplicate of it waits too."""
    content = csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), row(HOUSEHOLD, 2, ethnic_code="99")])
    city.drop(HOUSEHOLD, content, "a_20180330.csv", control=b'{"rows": 2}')
    city.drop(HOUSEHOLD, content, "b_20180330.csv")
    city.drop(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1, 7)), "c_20180331.csv")
    assert run(city.root, failpoint) == 137
    city.take()
    found = city.ledger.deliveries(with_rules=True)
    assert sorted(d.status for d in found) == ["accepted", "duplicate", "partly_accepted"]
    assert files(city.root.inbox) == set()
    assert list(city.root.taking.iterdir()) == []
    receipts = [p for p in files(city.root.receipts) if p.endswith("receipt.json")]
    assert len(receipts) == 3
    assert len([p for p in files(city.root.archive) if p.endswith("delivery.json")]) == 3
    parquet = [p for p in files(city.root.raw) if not p.endswith(".rejected.parquet")]
    assert len([p for p in parquet if p.endswith(".parquet")]) == 2
    for record in found:
        assert city.receipt(record)["counts"]["read"] == record.read
    assert city.take().deliveries == ()
    assert city.ledger.deliveries(with_rules=True) == found


def test_every_failpoint_of_the_ingest_is_tried() -> None:
    # the import of reviewed pairs takes no delivery: test_reviews kills it
    taking = [p for p in (PROJECT / "ingest").glob("*.py") if p.stem != "reviews"]
    text = "".join(p.read_text(encoding="utf-8") for p in taking)
    assert text.count('failpoint("') == len(FAILPOINTS)
    assert all(f'failpoint("{name}")' in text for name in FAILPOINTS)


def test_a_new_control_file_is_not_taken_for_the_old_one(city: City) -> None:
    """Killed after the move; meanwhile the department sends the next file of the same name."""
    city.drop(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)), "a.csv", control=b'{"rows": 1}')
    assert run(city.root, "take.moved") == 137
    city.drop(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2)), "a.csv", control=b'{"rows": 2}')
    city.take()
    found = city.ledger.deliveries()
    assert sorted((d.read, d.status) for d in found) == [(1, "accepted"), (2, "accepted")]
    assert files(city.root.inbox) == set()
