"""Every rule that a receipt can cite has a delivery that breaks it, and the receipt is exact."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalog import Catalog, catalog
from catalog.store import FOLDER
from ingest import containers
from tests.counterexamples import (
    credit,
    deliveries,
    e_licence,
    environment,
    files,
    geography,
    macro,
    social_security,
    values,
)
from tests.counterexamples.case import Case
from tests.unit.ingest.ingest_world import HOUSEHOLD, City

CASES: list[Case] = [
    *files.CASES, *values.CASES, *deliveries.CASES, *geography.CASES, *e_licence.CASES,
    *macro.CASES, *environment.CASES, *social_security.CASES, *credit.CASES,
]  # fmt: skip
_RECEIPT_SEVERITIES = ("refuse", "reject", "value", "warn")
_EXTRA_COLUMNS = """
      - name: has_answer
        businessName: 是否答复
        logicalType: boolean
        physicalType: boolean
        classification: "1"
        customProperties: [{property: onFail, value: reject}]
      - name: score
        businessName: 得分
        logicalType: number
        physicalType: decimal
        classification: "1"
        quality:
          - {type: custom, engine: tongchuan, implementation: {check: range, min: 0, max: 100}}
        customProperties: [{property: onFail, value: blank}]
      - name: paid_month
        businessName: 缴费月份
        logicalType: date
        physicalType: month
        classification: "1"
        customProperties: [{property: onFail, value: blank}]
"""


@pytest.fixture(scope="session")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A catalogue whose household contract has column types and bounds of later stages."""
    folder = tmp_path_factory.mktemp("catalog") / "catalog"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "extracts" / f"{HOUSEHOLD}.odcs.yml"
    text = path.read_text(encoding="utf-8")
    old = "{maxRejectedShare: 0.5, minRowsForShare: 20}"
    assert old in text
    bounds = "{maxRejectedShare: 0.5, minRowsForShare: 20, minRows: 2, maxRows: 20}"
    path.write_text(text.replace(old, bounds) + _EXTRA_COLUMNS, encoding="utf-8")
    return Catalog(folder)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_receipt(case: Case, city: City, wider: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.rule == "R-FILE-10":
        monkeypatch.setattr(containers, "MAX_FILE_BYTES", 1024)
    if case.extra_contract:
        city = City(city.root, city.ledger, wider)
    record = city.deliver(
        case.extract, case.content(city), case.file, control=case.control, provider=case.provider
    )
    receipt = city.receipt(record)
    assert receipt["status"] == case.status
    assert receipt.get("refused_because", {}).get("rule_id") == case.refused
    read, accepted, rejected, duplicate = case.counts
    assert receipt["counts"] == {
        "read": read, "accepted": accepted, "rejected": rejected, "duplicate": duplicate,
    }  # fmt: skip
    told = [
        (r["rule_id"], r["severity"], r["column"] or "", r["rows"])
        for r in receipt["rules"]
        if r["rule_id"] != "R-COL-03" or case.rule == "R-COL-03"
    ]
    assert sorted(told) == sorted(case.rules)
    _check_returned(case, city.returned(record), record.receipt_id, city.catalog)
    if case.refused:
        rule = city.catalog.rules[case.refused]
        assert receipt["refused_because"]["remedy_cn"] == rule.remedy_cn
        assert not (city.root.raw / case.extract / f"{record.receipt_id}.parquet").exists()
    else:
        assert city.accepted(record).height == accepted


def _check_returned(
    case: Case, returned: list[dict[str, str]], receipt_id: str, known: Catalog
) -> None:
    by_name = known.extracts[case.extract].by_name if case.returned else {}
    wanted = [
        (line, by_name[column].title_cn if column else "", rule)
        for line, column, rule in case.returned
    ]
    assert [(r["行号"], r["问题列"], r["规则"]) for r in returned] == wanted
    for one in returned:
        rule = known.rules[one["规则"]]
        assert one["回执号"] == receipt_id
        assert rule.title_cn in one["原因"]
        assert one["处理办法"] == rule.remedy_cn


def test_every_rule_has_a_counterexample() -> None:
    wanted = {r.id for r in catalog().rules.values() if r.severity in _RECEIPT_SEVERITIES}
    assert {case.rule for case in CASES} == wanted


def test_other_severities_never_stand_on_a_receipt() -> None:
    others = {r.severity for r in catalog().rules.values()} - set(_RECEIPT_SEVERITIES)
    assert others == {"objection", "hold", "principle"}


def test_rule_is_named_by_its_case() -> None:
    for case in CASES:
        assert case.rule == case.refused or case.rule in {rule[0] for rule in case.rules}


def test_names_are_unique() -> None:
    names = [case.id for case in CASES]
    assert len(set(names)) == len(names)


def test_extra_contract_is_only_for_rules_that_no_contract_has(wider: Catalog) -> None:
    path = Path("extracts") / f"{HOUSEHOLD}.odcs.yml"
    assert (wider.folder / path).read_bytes() != (FOLDER / path).read_bytes()
    assert {c.rule for c in CASES if c.extra_contract} == {
        "R-VAL-10", "R-VAL-15", "R-VAL-20", "R-ENV-03", "R-ENV-04",
    }  # fmt: skip
