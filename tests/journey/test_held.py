"""A defect in one resource holds it and what depends on it, and nothing else."""

from __future__ import annotations

from functools import lru_cache

import duckdb
import pytest

from orchestration.context import Night, active, make_night
from orchestration.dbt_build import manifest_path
from orchestration.steps import publish_step
from sharing.graph import ProductGraph
from tests.journey.city import NIGHTS, City, copy, day_of

pytestmark = pytest.mark.journey
THEMES = {"social_security", "credit", "environment", "cross_theme"}
DEFECTS = {
    "legal_entity": "UPDATE legal_entity.legal_entity SET name = NULL WHERE rowid % 7 = 0",
    "population": "INSERT INTO population.person SELECT * FROM population.person LIMIT 3",
}


@pytest.fixture(scope="module")
def published(second_built, tmp_path_factory):
    """The second night published with a defect planted in one library: the city, the outcome."""

    @lru_cache
    def publish(domain):
        city = copy(second_built, tmp_path_factory.mktemp(domain) / "data")
        with duckdb.connect(str(city.root.warehouse)) as warehouse:
            warehouse.execute(DEFECTS[domain])
        with pytest.MonkeyPatch.context() as patch, active(_second(city, patch)) as night:
            return city, publish_step(night)

    return publish


def _second(city: City, monkeypatch) -> Night:
    monkeypatch.setenv("TONGCHUAN_DATA", str(city.root.root))
    monkeypatch.setenv("TONGCHUAN_KEY_DIR", str(city.keys))
    return make_night(city.root, business_date=day_of(2), settle_seconds=0)


@pytest.mark.parametrize("domain", sorted(DEFECTS))
def test_a_planted_defect_holds_its_resource_only(published, domain):
    city, outcome = published(domain)
    verdicts = {v.product: v for v in outcome.verdicts}
    main = {"legal_entity": "legal_entity.legal_entity", "population": "population.person"}
    held = {p for p, v in verdicts.items() if v.verdict == "held"}
    assert main[domain] in held
    dependents = {p for p in held if "R-GATE-10" in verdicts[p].because}
    # the defect stands in one library; what else is held reads the table that has it, or refers to
    # rows that the version of it which stays in the release does not have
    reads = ProductGraph.from_manifest(manifest_path(city.root)).depends_on
    elsewhere = {p for p in held - dependents if p.split(".")[0] != domain}
    strangers = {p for p in elsewhere if main[domain] not in reads[p]}
    assert {p for p in strangers if "R-GATE-04" not in verdicts[p].because} == set()
    assert {p.split(".")[0] for p in elsewhere} <= THEMES
    assert {p.split(".")[0] for p in dependents} <= {domain, *THEMES}
    assert f"{main[domain]}_identifier" in dependents
    assert outcome.number == 2
    other = ({"legal_entity", "population"} - {domain}).pop()
    assert verdicts[main[other]].verdict == "released"
    code, out = city.call("release", "show", "2", "--json")
    assert code == 0
    assert main[domain] in out  # the last good version stays in the composition


@pytest.mark.parametrize("fault", ["raise", "garbage", "die"])
def test_a_gate_that_cannot_answer_lets_nothing_out(second_built, monkeypatch, tmp_path, fault):
    monkeypatch.setenv("TONGCHUAN_GATE_FAULT", fault)
    city = copy(second_built, tmp_path / "data")
    night = _second(city, monkeypatch)
    with active(night):
        outcome = publish_step(night)
    assert outcome.number is None
    assert {v.verdict for v in outcome.verdicts} <= {"held", "absent", "unchanged"}
    assert any(v.verdict == "held" for v in outcome.verdicts)
    assert (city.root.published / "CURRENT").read_text().strip() == "1"


def test_approve_lets_a_held_product_out(published, tmp_path):
    city = copy(published("legal_entity")[0], tmp_path / "data")
    approved = city.json(
        "release", "approve", "legal_entity.legal_entity", "--reason", "核实", "--by", "测试"
    )
    verdict = {p["product"]: p["verdict"] for p in approved["products"]}
    assert verdict["legal_entity.legal_entity"] == "released"
    assert verdict["legal_entity.legal_entity_identifier"] == "released"  # it was held above
    certificate = city.json("release", "show", str(approved["release"]))["certificate"]
    assert [o["kind"] for o in certificate["overrides"]] == ["approve"]
    assert city.json("release", "verify")["ok"]


def test_rollback_moves_the_served_release_and_the_analysts_file(three_nights, tmp_path):
    city = copy(three_nights[0], tmp_path / "data")
    assert city.call("release", "rollback", "2", "--reason", "演练")[0] == 0
    with duckdb.connect(str(city.root.analysts / "marts.duckdb"), read_only=True) as marts:
        row = marts.execute('SELECT * FROM meta."release"').pl().row(0, named=True)
    assert row["number"] == 2
    assert (city.root.published / "CURRENT").read_text().strip() == "2"
    report = city.night(NIGHTS)
    assert (report["release"], report["served"]) == (None, 2)
    held = {p["product"]: p["rolled_back_from"] for p in report["products"]
            if p["verdict"] == "held"}  # fmt: skip
    assert held["population.person"] == NIGHTS
    assert any("release approve population.person" in told for told in report["attention"])
    assert report["attention"][-1] in city.json("status")["attention"]
    approved = city.json(
        "release", "approve", "population.person", "--reason", "核实", "--by", "测试"
    )
    verdicts = {p["product"]: p["verdict"] for p in approved["products"]}
    assert approved["release"] == NIGHTS + 1
    assert verdicts["population.person"] == "released"
    assert verdicts["legal_entity.legal_entity"] == "held"
