"""疑义 over the three nights: planted is found and nothing else, and departments read theirs."""

from __future__ import annotations

import json

import fastexcel
import polars as pl
import pytest

from simulator.truth import load_doubts, load_objections, load_persons
from simulator.truth_objections import RULES
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey
DOMAINS = (
    "population",
    "legal_entity",
    "e_licence",
    "geospatial",
    "social_security",
    "credit",
    "cross_theme",
)
RECORD = ["extract", "record_key"]


def _found(city, release: int, domain: str) -> pl.DataFrame:
    folder = city.root.published / "releases" / str(release)
    return pl.read_parquet(folder / f"{domain}.objection.parquet")


def _sheets(city):
    for path in sorted(city.root.receipts.glob("*/疑义/*/疑义.xlsx")):
        book = fastexcel.read_excel(path)
        tables = {
            name: book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names
        }
        yield path.parent.parent.parent.name, path.parent.name, tables


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_what_contradicts_is_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    doubts = load_doubts(city.root, night)
    told = ["rule_id", *RECORD]
    made = pl.concat([_found(city, night, d).select(told) for d in ("population", "legal_entity")])
    planted, found = (
        set(table.join(doubts, on=RECORD, how="anti").select(told).rows())
        for table in (
            load_objections(city.root, night),
            made.filter(pl.col("rule_id").is_in(RULES)),
        )
    )
    assert found == planted
    assert len(planted) >= 8


def test_every_kind_was_planted(three_nights):
    city, _ = three_nights
    nights = [load_objections(city.root, n) for n in range(1, NIGHTS + 1)]
    assert set(pl.concat(nights)["rule_id"]) == set(RULES)
    seen = [_found(city, n, d)["rule_id"] for n in range(1, NIGHTS + 1) for d in DOMAINS]
    assert set(RULES) <= set(pl.concat(seen))


def test_lives_follow_the_releases(three_nights):
    city, reports = three_nights
    lives = city.json("objections", "list")
    for night, report in enumerate(reports, start=1):
        told = {c["product"]: c for c in report["objections"]}
        for domain in DOMAINS:
            now = set(_found(city, night, domain)["objection_id"])
            before = set(_found(city, night - 1, domain)["objection_id"]) if night > 1 else set()
            assert told[f"{domain}.objection"] == {
                "product": f"{domain}.objection",
                "opened": len(now - before),
                "still": len(now & before),
                "resolved": len(before - now),
            }
    last = {i for d in DOMAINS for i in _found(city, NIGHTS, d)["objection_id"]}
    assert {o["objection_id"] for o in lives if o["status"] != "resolved"} == last
    resolved = [o for o in lives if o["status"] == "resolved"]
    assert [o for o in resolved if o["resolved_by"]]
    deliveries = {d["receipt_id"]: d for d in city.json("delivery", "list")}
    for life in resolved:
        days = {deliveries[r]["received_at"] for r in life["resolved_by"]}
        assert all(day >= life["first_date"] for day in days)


@pytest.mark.parametrize("night", range(2, NIGHTS + 1))
def test_nothing_is_resolved_and_opened_again_in_one_night(three_nights, night):
    city, _ = three_nights
    item = ["rule_id", *RECORD, "attribute"]
    for domain in DOMAINS:
        before, now = (_found(city, n, domain) for n in (night - 1, night))
        gone = before.join(now, on="objection_id", how="anti")
        new = now.join(before, on="objection_id", how="anti")
        assert gone.join(new, on=item, how="semi").select("rule_id", "record_key").rows() == []


def test_departments_read_their_own_and_no_others(three_nights):
    city, _ = three_nights
    lives = city.json("objections", "list")
    owner = {o["objection_id"]: o["provider"] for o in lives}
    seen = set()
    for provider, day, tables in _sheets(city):
        for name in ("新开", "仍在", "已解决"):
            table = tables[name]
            ids = set(table["疑义编号"].drop_nulls())
            assert {owner[i] for i in ids} <= {provider}, (provider, day)
            assert table["回执号"].null_count() == 0 or name == "已解决", (provider, day)
            seen |= ids
        last = json.loads((city.root.receipts / provider / "疑义" / day / "疑义.json").read_text())
        assert last["opened"] == tables["新开"].height
        assert last["opened"] + last["resolved"] > 0
    assert seen == set(owner)


def test_a_sheet_shows_no_number_that_its_department_did_not_send(three_nights):
    city, _ = three_nights
    numbers = set(load_persons(city.root, NIGHTS)["resident_id"].drop_nulls())
    for provider, day, tables in _sheets(city):
        for name in ("新开", "仍在", "已解决"):
            others = " ".join(tables[name]["对照"].drop_nulls())
            assert not [n for n in numbers if n in others], (provider, day)


def test_export_writes_every_departments_sheet(three_nights, tmp_path):
    city, _ = three_nights
    made = city.json("objections", "export", "-o", str(tmp_path / "out"))
    lives = city.json("objections", "list")
    assert {m["provider"] for m in made} == {o["provider"] for o in lives}
    assert sum(m["opened"] + m["still"] for m in made) == sum(
        o["status"] != "resolved" for o in lives
    )
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert city.call("objections", "list", "--rule", "R-POP-01", "--status", "still")[0] == 0
