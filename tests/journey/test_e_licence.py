"""Electronic licences of the three simulated nights against the truth."""

from __future__ import annotations

import polars as pl
import pytest

from simulator.truth import (
    load_damage,
    load_entities,
    load_licence_holders,
    load_licence_objections,
    load_licences,
    load_nights,
    load_persons,
)
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey
LICENCE = "e_licence/licence"


def _product(city, name: str, release: int | None = None) -> pl.DataFrame:
    number = release or (city.root.published / "CURRENT").read_text().strip()
    return pl.read_parquet(city.root.published / "releases" / str(number) / f"{name}.parquet")


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_licences_equal_the_truth(three_nights, night):
    city, _ = three_nights
    truth = load_licences(city.root, night).filter("is_fully_delivered")
    made = _product(city, "e_licence.licence", night)
    assert truth.height >= 100
    assert set(truth["is_in_force"]) == {True, False}
    assert not truth["is_current_version"].all()
    assert truth["is_long_term"].any()
    shared = [c for c in truth.columns if c in made.columns]
    assert len(shared) >= 15
    told = truth.select(shared).sort("licence_identifier")
    known = made.join(truth, on="licence_identifier", how="semi").select(shared)
    assert known.sort("licence_identifier").equals(told)


def test_no_other_licences_than_those_of_the_truth_and_of_damaged_rows(three_nights):
    city, _ = three_nights
    made = _product(city, "e_licence.licence")
    truth = set(load_licences(city.root, NIGHTS)["licence_identifier"])
    hits = load_damage(city.root).filter(pl.col("extract") == LICENCE)
    renamed = hits.filter(
        pl.col("column") == "licence_identifier", pl.col("outcome") == "warn"
    )["written"].to_list()  # fmt: skip
    assert renamed
    # a lost change or deletion leaves the licence as it was before
    left = set(made["licence_identifier"]) - truth
    assert left <= set(renamed) | set(hits["record_key"])
    wrong = made.filter(~pl.col("is_identifier_valid"))["licence_identifier"].to_list()
    assert sorted(wrong) == sorted(set(renamed))


@pytest.mark.parametrize("night", [1, NIGHTS])
def test_holders_are_the_people_and_entities_meant(three_nights, night):
    city, _ = three_nights
    truth = load_licence_holders(city.root, night).filter("is_fully_delivered")
    number = load_persons(city.root, night).select("pid", truth_number="resident_id")
    codes = load_entities(city.root, night).select("entity", truth_uscc="uscc")
    truth = truth.join(number, on="pid", how="left").join(codes, on="entity", how="left")
    made = _product(city, "e_licence.licence_holder", night)
    person = _product(city, "population.person", night).select("person_id", "resident_id")
    entity = _product(city, "legal_entity.legal_entity", night).select("entity_id", "uscc")
    made = made.join(person, on="person_id", how="left").join(entity, on="entity_id", how="left")
    both = truth.join(
        made, on=["licence_identifier", "holder_position"], how="left", suffix="_made"
    )
    assert both["holder_name"].equals(both["holder_name_made"])
    assert both["truth_number"].equals(both["resident_id"])
    assert both["truth_uscc"].equals(both["uscc"])
    assert both["truth_number"].null_count() < 0.9 * both.height
    assert both["truth_uscc"].drop_nulls().len() >= 30
    assert (both["holder_position"] == 2).sum() >= 10
    linked = both["link_status"] == "已关联"
    assert linked.equals((both["pid"] >= 0) | (both["entity"] >= 0))


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_planted_objections_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    planted = load_licence_objections(city.root, night)
    found = _product(city, "e_licence.objection", night)
    whole = load_licences(city.root, night).filter("is_fully_delivered")["licence_identifier"]
    known = load_licence_holders(city.root, night)
    doubtful = known.filter(~pl.col("is_fully_delivered"))["licence_identifier"]
    sure = set(whole) - set(doubtful)
    pairs = set(found.select("rule_id", "record_key").rows())
    # of two of one type it is the other that tells when one of them is not whole
    single = planted.filter(pl.col("rule_id") != "R-LIC-06")
    wanted = {p for p in single.select("rule_id", "record_key").rows() if p[1] in sure}
    rules = {rule for rule, _ in wanted}
    assert {"R-LIC-04", "R-LIC-05", "R-LIC-07", "R-LIC-08"} <= rules or night == 1
    assert wanted <= pairs
    assert {p for p in pairs if p[0] != "R-LIC-06" and p[1] in sure} == wanted
    double = found.filter(
        pl.col("rule_id") == "R-LIC-06",
        pl.col("record_key").is_in(list(sure)), pl.col("counterpart_record_key").is_in(list(sure)),
    )  # fmt: skip
    told = set(planted.filter(pl.col("rule_id") == "R-LIC-06")["record_key"])
    assert double.height >= 1
    assert set(double["record_key"]) <= told


def test_a_period_that_ends_is_found_without_a_delivery(three_nights):
    city, _ = three_nights
    before, after = (
        load_licence_objections(city.root, n).filter(
            pl.col("rule_id") == "R-LIC-07", pl.col("is_fully_delivered")
        )["record_key"]
        for n in (1, 2)
    )
    new = set(after) - set(before)
    assert new
    made = {
        n: _product(city, "e_licence.objection", n).filter(pl.col("rule_id") == "R-LIC-07")
        for n in (1, 2)
    }
    assert new <= set(made[2]["record_key"])
    assert not new & set(made[1]["record_key"])


def test_json_lines_and_csv_come_in_turns(three_nights):
    city, _ = three_nights
    names = [f["file_name"] for f in load_nights(city.root)["files"] if f["extract"] == LICENCE]
    assert [n.rpartition(".")[2] for n in names] == ["jsonl", "csv", "jsonl"]
