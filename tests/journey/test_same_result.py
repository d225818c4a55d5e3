"""Whatever the way, the same deliveries give the same products."""

from __future__ import annotations

import re

import pytest

from foundation.paths import DataRoot
from tests.commands import fresh
from tests.journey.city import NIGHTS, City, copy, words_of_night

pytestmark = pytest.mark.journey


def test_an_idle_night_makes_no_release_and_imports_nothing_heavy(three_nights, tmp_path):
    city = copy(three_nights[0], tmp_path / "data")
    before = city.fingerprints()
    report = city.night(NIGHTS)
    assert report["status"] == "idle"
    assert (report["release"], report["served"]) == (None, NIGHTS)
    assert {p["verdict"] for p in report["products"]} == {"unchanged"}  # what night 3 released
    assert city.fingerprints() == before
    process = fresh(words_of_night(NIGHTS), city.env(PYTHONPROFILEIMPORTTIME="1"))
    _, imports = process.communicate(timeout=60)
    assert re.search(r"\|\s+cli\.nights$", imports, re.MULTILINE)
    for heavy in ("dagster", "dbt.cli", "great_expectations"):
        assert not re.search(rf"\|\s+{re.escape(heavy)}(\.|$)", imports, re.MULTILINE), heavy


def test_rebuild_from_the_archive_gives_the_same_also_without_a_ledger(three_nights, tmp_path):
    city = copy(three_nights[0], tmp_path / "data")
    before, releases = city.fingerprints(), city.json("release", "list")
    answers = [d["receipt_id"] for d in city.json("delivery", "list")]
    for path in city.root.root.glob("ledger.sqlite*"):
        path.unlink()
    report = city.json("rebuild", "--business-date", "2018-03-31")
    assert report["status"] == "done"
    assert city.fingerprints() == before
    assert [r["number"] for r in city.json("release", "list")] == [r["number"] for r in releases]
    assert sorted(d["receipt_id"] for d in city.json("delivery", "list")) == sorted(answers)


def test_all_at_once_in_another_zone_locale_and_thread_count(three_nights, all_at_once):
    city, _ = three_nights
    other, _ = all_at_once
    assert other.fingerprints() == city.fingerprints()


def test_another_order_of_arrival(three_nights, drop, tmp_path):
    city, _ = three_nights
    other = City(DataRoot(tmp_path / "data"), city.keys)
    for number in (3, 1):
        drop(other.root, number)
        _put_aside_what_waits_for_an_original(other)
    other.steps(NIGHTS)
    for number in (2, 3):
        drop(other.root, number)
    other.steps(NIGHTS)
    assert other.fingerprints() == city.fingerprints()


def _put_aside_what_waits_for_an_original(city: City) -> None:
    """A correction replaces what came before it: it must stay the later one of the two."""
    for path in city.root.inbox.rglob("LDRK_20180330.csv*"):
        path.unlink()
