"""The life of objections: opened, still there, resolved by a delivery, back again."""

from __future__ import annotations

import multiprocessing
import os
from datetime import date
from pathlib import Path

import pytest
from objection_world import DEATH, HOUSEHOLD, LEGAL, POPULATION, TAX, ObjectionWorld, objection

from ledger import Ledger, ObjectionLives

A, B = objection("a"), objection("b")


@pytest.fixture
def city(tmp_path: Path) -> ObjectionWorld:
    return ObjectionWorld.at(tmp_path)


def spans(city: ObjectionWorld) -> list[tuple[str, int, int | None, int | None]]:
    """Id, first, last and resolving release of every span."""
    return [
        (o.objection_id[0], o.first_release, o.last_release, o.resolved_release) for o in city.lives
    ]


def counts(city: ObjectionWorld, product: str = POPULATION) -> list[tuple[int, int, int]]:
    found = ObjectionLives(city.ledger).counts()
    return [(c.opened, c.still, c.resolved) for c in found if c.product == product]


def test_opened_still_resolved_and_back_again(city: ObjectionWorld) -> None:
    for rows in ([A, B], [A, B], [B], [A, B]):
        city.release(population=rows)
    city.follow()
    assert spans(city) == [("a", 1, 2, 3), ("a", 4, None, None), ("b", 1, None, None)]
    assert counts(city) == [(2, 0, 0), (0, 2, 0), (0, 1, 1), (1, 1, 0)]
    assert [o.first_date for o in city.lives] == [
        date(2018, 3, 29), date(2018, 4, 1), date(2018, 3, 29),
    ]  # fmt: skip
    before = city.lives
    city.follow()
    assert city.lives == before


def test_a_held_product_changes_no_life(city: ObjectionWorld) -> None:
    city.release(population=[A], legal_entity=[])
    city.release(legal_entity=[objection("c", rule_id="R-LE-01", provider="tax",
                                         extract=TAX)])  # fmt: skip
    city.release(population=[])
    city.follow()
    assert spans(city) == [("a", 1, 2, 3), ("c", 2, None, None)]
    assert counts(city) == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert counts(city, LEGAL) == [(0, 0, 0), (1, 0, 0), (0, 1, 0)]


@pytest.mark.parametrize(
    ("extract", "key", "is_cause"),
    [
        (HOUSEHOLD, "P-a", True),
        (DEATH, "D-a", True),  # the other side was mended
        (HOUSEHOLD, "P-b", False),
        (DEATH, "P-a", False),
    ],
)
def test_the_delivery_that_brought_one_of_the_records_anew_resolved_it(
    city: ObjectionWorld, extract: str, key: str, is_cause: bool
) -> None:
    city.deliver(HOUSEHOLD, {"P-a": 2})
    city.release(population=[A])
    receipt = city.deliver(extract, {"x": 2, key: 3})
    city.release(population=[])
    city.follow()
    [life] = city.lives
    assert life.resolved_release == 2
    assert life.resolved_date == date(2018, 3, 30)
    assert life.resolved_by == ((receipt,) if is_cause else ())


def test_a_full_list_or_a_correction_resolves_by_leaving_the_record_out(
    city: ObjectionWorld,
) -> None:
    gone = objection("a", extract="legal_entity/public_institution", provider="establishment",
                     rule_id="R-LE-01", counterpart_extract=TAX)  # fmt: skip
    wrong = city.deliver(HOUSEHOLD, {"P-b": 2}, file_name="same.csv")
    city.deliver("legal_entity/public_institution", {"P-a": 2})
    city.release(population=[B], legal_entity=[gone])
    shorter = city.deliver("legal_entity/public_institution", {"other": 2})
    told = next(d for d in city.ledger.deliveries() if d.receipt_id == wrong)
    right = city.deliver(
        HOUSEHOLD, {"other": 2}, file_name="same.csv", business_date=told.business_date
    )
    city.release(population=[], legal_entity=[])
    city.follow()
    assert [o.resolved_by for o in city.lives] == [(shorter,), (right,)]


def test_a_correction_that_never_spoke_of_the_record_resolves_nothing(
    city: ObjectionWorld,
) -> None:
    wrong = city.deliver(HOUSEHOLD, {"other": 2}, file_name="same.csv")
    city.release(population=[B])
    told = next(d for d in city.ledger.deliveries() if d.receipt_id == wrong)
    city.deliver(HOUSEHOLD, {"other": 3}, file_name="same.csv", business_date=told.business_date)
    city.release(population=[])
    city.follow()
    assert [o.resolved_by for o in city.lives] == [()]


def test_a_lost_ledger_gets_the_same_lives_again(city: ObjectionWorld, tmp_path: Path) -> None:
    city.deliver(HOUSEHOLD, {"P-a": 2})
    for rows in ([A], [A, B], [], [B]):
        city.deliver(HOUSEHOLD, {"P-a": 2, "P-b": 3})
        city.release(population=rows)
        city.follow()
    known = city.lives
    assert len(known) == 3
    assert any(o.resolved_by for o in known)
    fresh = Ledger(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    for delivery in city.ledger.deliveries():
        fresh.record_delivery(delivery)
    city.ledger = fresh
    assert city.follow() == []  # nobody is told twice
    assert city.lives == known


def test_a_ledger_of_another_store_is_begun_anew(city: ObjectionWorld, tmp_path: Path) -> None:
    for rows in ([A], [B]):
        city.release(population=rows)
    city.follow()
    restored = ObjectionWorld.at(tmp_path / "restored")
    restored.ledger = city.ledger
    restored.release(population=[B])
    restored.follow()
    assert spans(restored) == [("b", 1, None, None)]


def _follow(folder: Path, failpoint: str) -> None:
    os.environ["TONGCHUAN_FAILPOINT"] = failpoint
    ObjectionWorld.at(folder).follow()


@pytest.mark.parametrize(
    "failpoint", ["objections.entered", "objections.entered:3", "objections.sheet"]
)
def test_a_killed_step_is_made_up_for(city: ObjectionWorld, tmp_path: Path, failpoint: str) -> None:
    tax = objection("c", provider="tax", extract=TAX,
                    rule_id="R-LE-01")  # fmt: skip
    city.release(population=[A, B], legal_entity=[tax])
    city.release(population=[B], legal_entity=[tax])
    process = multiprocessing.get_context("forkserver").Process(
        target=_follow, args=(tmp_path, failpoint)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 137
    city.follow()
    assert spans(city) == [("a", 1, 1, 2), ("b", 1, None, None), ("c", 1, None, None)]
    told = {p.parent.parent.parent.name for p in city.root.receipts.glob("*/疑义/*/疑义.xlsx")}
    assert told == {"public_security", "tax"}
    assert city.follow() == []


def test_the_ledger_holds_no_key_and_no_value(city: ObjectionWorld) -> None:
    city.release(population=[objection("a", record_key="P610203", value_seen="王小明")])
    city.release(population=[])
    city.follow()
    content = Path(city.ledger.engine.url.database or "").read_bytes()
    assert b"aaaaaaaaaaaaaaaaaaaaaaaaaa" in content
    assert b"P610203" not in content
    assert "王小明".encode() not in content
