"""Packages hold exactly what was granted, and not a byte of anything else."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from sharing_world import DAY, PERSONS, World, make_catalog

from catalog import Catalog
from foundation.errors import ConfigurationError
from foundation.files import sha256_file
from foundation.keys import KeyRing
from sharing import PackageOutcome, approve, build_packages, verify_package

STATISTICS: dict[str, Any] = {
    "consumer": "yaozhou_statistics", "consumer_title_cn": "耀州区统计局",
    "product": "population.person",
    "columns": [{"name": "person_id"}, {"name": "birth_date", "mask": "year"}],
    "rows": [{"column": "registered_division_code", "values": ["610204"]}],
    "purpose": "人口抽样框核对", "purpose_kind": "数据校核", "approval_no": "铜数函〔2018〕1号",
    "from": "2018-01-01", "until": "2018-12-31",
}  # fmt: skip
LABOUR = {
    **STATISTICS, "consumer": "human_resources", "consumer_title_cn": "铜川市人社局", "rows": [],
    "columns": [
        {"name": "person_id"}, {"name": "resident_id"}, {"name": "name", "mask": "name"},
        {"name": "mobile", "mask": "mobile"}, {"name": "is_registered"},
    ],
}  # fmt: skip


def grant(world: World, *grants: dict[str, Any]) -> None:
    """Put grants into force."""
    folder = world.catalog.folder
    text = yaml.safe_dump({"grants": list(grants)}, allow_unicode=True)
    (folder / "grants" / "test.yml").write_text(text, encoding="utf-8")
    world.catalog = Catalog(folder)


def build(world: World, *grants: dict[str, Any]) -> list[PackageOutcome]:
    """Build packages under these grants."""
    grant(world, *grants)
    return build_packages(world.root, world.ledger, world.catalog, world.keys, by="王")


@pytest.fixture
def key(world: World, tmp_path: Path) -> Path:
    """The public key as it was handed out."""
    path = tmp_path / "key.pem"
    path.write_bytes(world.keys.public_pem())
    return path


def rows(folder: Path) -> list[tuple[Any, ...]]:
    """The rows of a package."""
    return duckdb.execute(f"SELECT * FROM '{folder / 'data.parquet'}'").fetchall()


def test_two_columns_and_one_district_and_no_byte_of_anything_else(
    released: World, key: Path
) -> None:
    [outcome] = build(released, STATISTICS)
    assert outcome.status == "built"
    assert outcome.folder is not None
    [(token, year)] = rows(outcome.folder)  # p3 is a child, p1 lives in another district
    assert (len(token), year) == (26, 1980)
    content = b"".join(p.read_bytes() for p in sorted(outcome.folder.iterdir()))
    others = [str(v) for p in PERSONS for v in (p[1], p[2], p[8], p[0]) if v]
    found = [v for v in others if len(v) > 2 and v.encode() in content]
    assert not found
    data = b"".join((outcome.folder / n).read_bytes() for n in ("data.parquet", "data.csv"))
    assert b"1980-02-02" not in data
    assert b"610203" not in data
    assert b"sex_code" not in content
    assert verify_package(outcome.folder, key) == []


def test_masks_and_csv(released: World, key: Path) -> None:
    [outcome] = build(released, LABOUR)
    assert outcome.folder is not None
    found = sorted(row[1:] for row in rows(outcome.folder) if row[1])
    assert found == [
        ("610203195001010011", "赵*", "139****0001", True),
        ("610204198002020022", "钱**", None, True),
    ]
    with (outcome.folder / "data.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert not (outcome.folder / "data.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert {line["resident_id"] for line in lines} == {r[0] for r in found} | {""}
    assert verify_package(outcome.folder, key) == []


def test_minors_only_where_the_grant_says_so(released: World) -> None:
    with_minors = {**STATISTICS, "includes_minors": True}
    [outcome] = build(released, with_minors)
    assert outcome.rows == 2
    assert outcome.folder is not None
    assert sorted(year for _, year in rows(outcome.folder)) == [1980, 2010]


def test_rows_of_minors_in_other_tables_stay_out_too(released: World) -> None:
    members = {
        **LABOUR, "product": "population.household_member",
        "columns": [{"name": "household_id"}, {"name": "relation"}],
    }  # fmt: skip
    [outcome] = build(released, members)
    assert outcome.rows == 2


def test_a_product_that_is_not_released_gives_nothing(world: World) -> None:
    world.failed_models = frozenset({"population__person"})
    world.release()
    [outcome] = build(world, STATISTICS)
    assert (outcome.status, outcome.folder) == ("not_released", None)


def test_where_nothing_tells_the_ages_nothing_leaves(world: World) -> None:
    # Members alone are served: an approval let them out without the table of persons.
    world.failed_models = frozenset({"population__person"})
    world.independent = True
    world.release()
    approve(world.root, world.ledger, "population.household_member", by="王", reason="核实")
    assert world.release().number == 2
    members = {
        **LABOUR, "product": "population.household_member", "columns": [{"name": "relation"}],
    }  # fmt: skip
    [outcome] = build(world, members)
    assert (outcome.status, outcome.folder) == ("ages_unknown", None)
    with duckdb.connect(str(world.root.analysts / "marts.duckdb"), read_only=True) as reader:
        found = reader.execute("SELECT DISTINCT relation FROM population.household_member")
        assert found.fetchall() == [(None,)]


def test_pseudonyms_differ_between_consumers_and_from_the_warehouse(released: World) -> None:
    everyone = {**STATISTICS, "rows": [], "columns": [{"name": "person_id"}]}
    outcomes = build(released, everyone, {**everyone, "consumer": "human_resources"})
    one, other = ([row[0] for row in rows(o.folder)] for o in outcomes if o.folder)
    assert len(one) == len(other) == 3
    assert not set(one) & (set(other) | {"p1", "p2", "p4"})
    assert one == sorted(one)  # the order tells nothing about the other's order


def test_immutable_recorded_once_and_only_while_in_force(released: World) -> None:
    late = {**LABOUR, "from": "2018-04-01"}
    first, second = build(released, late, STATISTICS)
    assert [first.status, second.status] == ["not_in_force", "built"]
    assert not (released.root.packages / "human_resources").exists()
    assert second.folder is not None
    before = {p.name: p.read_bytes() for p in second.folder.iterdir()}
    again = build(released, STATISTICS)
    assert [(o.status, o.rows) for o in again] == [("exists", 1)]
    assert {p.name: p.read_bytes() for p in second.folder.iterdir()} == before
    [access] = released.ledger.accesses()
    assert (access.release, access.rows, access.tables) == (1, 1, ("population.person",))


def test_a_changed_grant_gets_a_package_of_its_own(released: World, key: Path) -> None:
    [first] = build(released, STATISTICS)
    assert first.folder is not None
    before = {p.name: p.read_bytes() for p in first.folder.iterdir()}
    wider = {**STATISTICS, "rows": [], "approval_no": "铜数函〔2018〕2号"}
    [second] = build(released, wider)
    assert (second.status, second.rows, second.replaces) == ("renewed", 3, "1")
    assert second.folder is not None
    assert second.folder == first.folder.with_name("1-2")
    assert "替代数据包 1" in (second.folder / "说明.txt").read_text(encoding="utf-8")
    told = json.loads((second.folder / "certificate.json").read_text(encoding="utf-8"))
    assert told["replaces"] == {
        "package": "1", "certificate_sha256": sha256_file(first.folder / "certificate.json"),
    }  # fmt: skip
    assert told["grant_sha256"] != json.loads(before["certificate.json"])["grant_sha256"]
    [again] = build(released, wider)
    assert (again.status, again.folder, again.rows) == ("exists", second.folder, 3)
    [third] = build(released, STATISTICS)  # the first grant again is a change again
    assert (third.status, third.folder) == ("renewed", first.folder.with_name("1-3"))
    for folder in (first.folder, second.folder, first.folder.with_name("1-3")):
        assert verify_package(folder, key) == []
    assert {p.name: p.read_bytes() for p in first.folder.iterdir()} == before
    assert [access.request.split(" ", 3)[3] for access in released.ledger.accesses()] == [
        "1 铜数函〔2018〕1号", "1-2 铜数函〔2018〕2号", "1-3 铜数函〔2018〕1号",
    ]  # fmt: skip


def test_a_grant_that_ended_early_gives_no_other_package(released: World) -> None:
    [first] = build(released, STATISTICS)
    [ended] = build(released, {**STATISTICS, "until": "2018-02-28"})
    assert (ended.status, ended.folder) == ("not_in_force", None)
    assert first.folder is not None
    assert [p.name for p in first.folder.parent.iterdir()] == ["1"]


def test_the_next_release_gets_a_package_of_its_own(released: World) -> None:
    build(released, STATISTICS)
    released.build(persons=PERSONS[:3])
    released.release(DAY + timedelta(days=1))
    [outcome] = build(released, STATISTICS)
    assert (outcome.release, outcome.status) == (2, "built")
    assert outcome.folder is not None
    assert outcome.folder.name == "2"


def test_tampered_packages_are_found(released: World, key: Path, tmp_path: Path) -> None:
    [outcome] = build(released, STATISTICS)
    assert outcome.folder is not None
    (outcome.folder / "data.csv").write_text("person_id\n", encoding="utf-8")
    (outcome.folder / "more.txt").write_text("x")
    problems = verify_package(outcome.folder, key)
    assert any("data.csv" in p for p in problems)
    assert any("more.txt" in p for p in problems)
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(KeyRing(tmp_path / "k").public_pem())
    assert verify_package(outcome.folder, stranger) == ["签名不符 / the signature does not fit"]


def test_the_papers_say_what_it_is(released: World) -> None:
    [outcome] = build(released, STATISTICS)
    assert outcome.folder is not None
    notice = (outcome.folder / "说明.txt").read_text(encoding="utf-8")
    for text in ("耀州区统计局", "铜数函〔2018〕1号", "birth_year", "不包含未满 14 周岁人员"):
        assert text in notice
    certificate = json.loads((outcome.folder / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["approval_no"] == "铜数函〔2018〕1号"
    assert certificate["release"]["number"] == 1
    assert sorted(certificate["files"]) == [
        "data.csv",
        "data.parquet",
        "datapackage.json",
        "说明.txt",
    ]
    package = json.loads((outcome.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [r["name"] for r in package["resources"]] == ["data", "data_csv"]
    names = [f["name"] for f in package["resources"][0]["schema"]["fields"]]
    assert names == ["person_id", "birth_year"]


def test_nothing_released_yet(world: World) -> None:
    with pytest.raises(ConfigurationError):
        build(world, STATISTICS)
    assert make_catalog(world.catalog.folder).products
