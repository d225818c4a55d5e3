"""Contracts, lists, rules, grants: valid as they are; a mistake is an error at its line."""

from __future__ import annotations

import importlib.resources
import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from catalog import ANY_PROVIDER, Catalog, CatalogError, catalog
from catalog.store import FOLDER
from catalog.vocabulary import CATALOGUE_METADATA, CYCLES
from expectations import expected
from foundation.paths import PROJECT

HOUSEHOLD = "extracts/population/household_registration.odcs.yml"
PERSON = "products/population/person.odcs.yml"
GRANT = "grants/yaozhou_statistics.yml"
CONTRACTS = sorted(str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*.odcs.yml"))


@pytest.fixture(scope="session")
def odcs() -> jsonschema.Draft201909Validator:
    package = importlib.resources.files("open_data_contract_standard")
    schema = json.loads((package / "schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft201909Validator(schema)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "catalog"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.mark.parametrize("path", CONTRACTS)
def test_contracts_are_valid_open_data_contracts(
    path: str, odcs: jsonschema.Draft201909Validator
) -> None:
    told = yaml.safe_load((FOLDER / path).read_text(encoding="utf-8"))
    assert [error.message for error in odcs.iter_errors(told)] == []
    assert [e.message for e in odcs.iter_errors({**told, "schema": "x"})] != []


def test_everything_is_read() -> None:
    read = [*catalog().extracts.values(), *catalog().products.values()]
    assert sorted(str(c.path.relative_to(FOLDER)) for c in read) == CONTRACTS
    assert catalog().grants
    for contract in read:
        assert contract.metadata.keys() == set(CATALOGUE_METADATA)
        assert contract.key
    for extract in catalog().extracts.values():
        assert extract.cycle in CYCLES
        assert extract.provider in {ANY_PROVIDER, *catalog().departments}
        assert (extract.mode == "full") == (extract.envelope.max_shrink_share is not None)


MISTAKES = [
    # file, text, what it becomes, text whose line the error must name
    (HOUSEHOLD, "kind: DataContract", "kind: DataContrct", "kind: DataContrct"),
    (HOUSEHOLD, "apiVersion: v3.1.0", "apiVersion: v2", "apiVersion: v2"),
    (HOUSEHOLD, "status: active", "statuss: active", "statuss: active"),
    (HOUSEHOLD, "id: population/household_registration", "id: population/household", "id: popul"),
    (HOUSEHOLD, "logicalType: timestamp", "logicalType: timestmp", "logicalType: timestmp"),
    (HOUSEHOLD, "physicalType: datetime", "physicalType: datetme", "logicalType: timestamp"),
    (HOUSEHOLD, "name: status_date", "name: status-date", "name: status-date"),
    (HOUSEHOLD, "name: status_date", "name: updated_at",
     "- name: updated_at\n        businessName: 更新"),
    (HOUSEHOLD, "check: person_name", "check: persn_name", "check: persn_name"),
    (HOUSEHOLD, "check: division, scope: national", "check: division", "check: division}"),
    (HOUSEHOLD, "scope: tongchuan", "scope: tongchuan, x: 1", "scope: tongchuan, x: 1"),
    (HOUSEHOLD, "number: resident_id, part: sex", "number: residnt_id, part: sex",
     "name: sex_code"),
    (HOUSEHOLD, "businessName: 曾用名", "businessName: 姓名", "name: former_name"),
    (HOUSEHOLD, "minRowsForShare: 20", "minRowsForShar: 20", "minRowsForShar: 20"),
    (HOUSEHOLD, "mode, value: incremental}", "mode, value: often}", "mode, value: often}"),
    (HOUSEHOLD, "cycle, value: daily}", "cycle, value: dialy}", "cycle, value: dialy}"),
    (HOUSEHOLD, "- {property: shareMethod", "- {property: sharMethod", "customProp"),
    (HOUSEHOLD, "{property: updateCycle, value: 每日}", "{property: grade, value: 3}",
     "{property: grade, value: 3}\nschema"),
    (HOUSEHOLD, "    physicalType: csv\n", "    physicalType: csv\n    physicalType: csv\n",
     "physicalType: csv\n    properties"),
    (PERSON, "physicalType: VARCHAR", "physicalType: VARCHR", "logicalType: string"),
    (PERSON, "kind: DataContract", "kind: Data: Contract", "kind: Data: Contract"),
    ("rules.yml", "severity: principle", "severity: princple", "severity: princple"),
    ("rules.yml", "- id: R-POP-02", "- id: R-POP-01",
     "- id: R-POP-01\n    severity: objection\n    title_cn: 同"),
    ("rules.yml", "- id: R-ID-01", "- id: ID-01", "- id: ID-01"),
    ("departments.yml", "name: public_security", "nam: public_security", "nam: public_security"),
    (GRANT, "purpose_kind:", "purpose_knd:", "purpose_knd:"),
    (GRANT, "product: ", "product: x", "- consumer"),
    ("codes/sex.csv", "1,男性,男", ",男性,男", ",男性,男"),
    ("codes/sex.csv", "1,男性,男", "1,男性", "1,男性"),
    ("codes/sex.csv", "code,name", "kode,name", "kode,name"),
]  # fmt: skip


def read_all(folder: Path) -> None:
    told = Catalog(folder)
    _ = told.extracts, told.products, told.rules, told.departments, told.grants
    for path in (folder / "codes").glob("*.csv"):
        told.code_list(path.stem)


@pytest.mark.parametrize(
    ("path", "old", "new", "where"), MISTAKES, ids=[m[2][:40] for m in MISTAKES]
)
def test_a_mistake_is_an_error_at_its_line(
    copy: Path, path: str, old: str, new: str, where: str
) -> None:
    file = copy / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_all(copy)
    assert caught.value.path == file
    assert where in text
    assert caught.value.line == text[: text.index(where)].count("\n") + 1


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (HOUSEHOLD, "list: ethnic}", "list: ethnik}"),
        (HOUSEHOLD, "value: public_security", "value: public_securty"),
        ("extracts/population/birth_certificate.odcs.yml", "rule: R-VAL-11", "rule: R-VAL-99"),
    ],
)
def test_names_of_other_files_must_exist(copy: Path, path: str, old: str, new: str) -> None:
    text = (copy / path).read_text(encoding="utf-8")
    assert old in text
    (copy / path).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_all(copy)
    assert caught.value.path == copy / path


def test_a_grade_is_not_lowered_without_a_reason(copy: Path) -> None:
    text = (copy / PERSON).read_text(encoding="utf-8")
    raised = re.sub(r'classification: "[34]"', 'classification: "1"', text, count=1)
    assert raised != text
    (copy / PERSON).write_text(raised, encoding="utf-8")
    with pytest.raises(CatalogError, match="gradeReason"):
        read_all(copy)


def _cited() -> set[str]:
    found: set[str] = set()
    rooms = "cli orchestration sharing expectations ingest ledger dbt_project catalog"
    for room in rooms.split():
        for path in (PROJECT / room).rglob("*"):
            is_ours = path.suffix in {".py", ".sql", ".yml", ".j2"} and "target" not in path.parts
            if is_ours and path.name != "rules.yml":
                text = path.read_text(encoding="utf-8")
                found |= set(re.findall(r"R-[A-Z]+-\d\d(?!\d)", text))
    # the gate spells its rules by number
    found |= {v for v in vars(expected).values() if re.fullmatch(r"R-GATE-\d\d", str(v))}
    return found


def test_every_cited_rule_exists_and_every_rule_is_cited() -> None:
    rules, cited = catalog().rules, _cited()
    assert cited - rules.keys() == set()
    uncited = {r.id for r in rules.values() if r.severity != "principle"} - cited
    assert uncited == set()


def test_rules_say_what_to_do_in_both_languages() -> None:
    for rule in catalog().rules.values():
        assert re.search(r"[\u4e00-\u9fff]", rule.title_cn)
        assert re.search(r"[\u4e00-\u9fff]", rule.remedy_cn)
        assert rule.title_en.isascii() or "’" in rule.title_en


@pytest.mark.parametrize("name", sorted(p.stem for p in (FOLDER / "codes").glob("*.csv")))
def test_code_lists_are_sane(name: str) -> None:
    told = catalog().code_list(name)
    assert told.entries
    seen: set[tuple[str, str, str]] = set()
    for entry, row in zip(told.entries, told.rows, strict=True):
        assert entry.code == entry.code.strip()
        assert entry.name.strip() == entry.name != ""
        identity = (entry.code, entry.name, str(row.get("valid_from") or row.get("first_list")
                                                or row.get("first_revision")))  # fmt: skip
        assert identity not in seen
        seen.add(identity)


def test_divisions_of_the_city_have_their_parents() -> None:
    codes = catalog().code_list("division").codes
    assert {"610200", "610202", "610203", "610204", "610222"} <= codes
    for row in catalog().code_list("division").rows:
        assert row["parent"] in codes or row["code"] == "610200"
        assert (
            row["code"].startswith(
                row["parent"][:4] if row["level"] == "county" else row["parent"][:6]
            )
            or row["code"] == "610200"
        )


def test_the_fingerprint_follows_every_file(copy: Path) -> None:
    before = Catalog(copy).fingerprint
    assert before == catalog().fingerprint
    (copy / "codes" / "sex.csv").write_text("code,name\n1,男\n", encoding="utf-8")
    assert Catalog(copy).fingerprint != before
