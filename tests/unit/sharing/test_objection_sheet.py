"""疑义.xlsx: what a department reads in it, and what it never does."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from objection_world import (
    DEATH,
    HOUSEHOLD,
    MARRIAGE,
    NUMBER,
    START,
    TAX,
    ObjectionWorld,
    objection,
)

from catalog import catalog
from sharing.objection_sheet import HEADERS, RESOLVED_HEADERS, may_see_evidence

SECRET = "死亡日期 2018-03-01"


@pytest.fixture
def city(tmp_path: Path) -> ObjectionWorld:
    return ObjectionWorld.at(tmp_path)


def read(folder: Path) -> dict[str, pl.DataFrame]:
    book = fastexcel.read_excel(folder / "疑义.xlsx")
    assert book.sheet_names == ["新开", "仍在", "已解决", "说明"]
    return {
        name: book.load_sheet(name, dtypes="string").to_polars().fill_null("")
        for name in book.sheet_names
    }


def test_a_clerk_finds_the_record_and_reads_what_to_do(city: ObjectionWorld) -> None:
    city.deliver(HOUSEHOLD, {"P-a": 7})
    receipt = city.deliver(HOUSEHOLD, {"P-a": 10_000_015}, file_name="户籍人口.xlsx")
    city.release(population=[objection("a")])
    [folder] = city.follow()
    assert folder == city.root.receipts / "public_security" / "疑义" / "2018-03-29"
    sheets = read(folder)
    assert sheets["新开"].columns == list(HEADERS)
    assert sheets["已解决"].columns == list(RESOLVED_HEADERS)
    assert sheets["仍在"].height == sheets["已解决"].height == 0
    [row] = sheets["新开"].rows(named=True)
    assert row == {
        "疑义编号": "a" * 26,
        "规则": "R-POP-01",
        "说明": "已登记死亡的人另有生存状态的登记",
        "数据资源": "户籍人口登记",
        "主键项": "人员编号",
        "主键": "P-a",
        "回执号": receipt,
        "文件名": "户籍人口.xlsx",
        "行号": "工作表2!15",
        "字段": "登记状态",
        "本部门的值": "正常",
        "对照": "铜川市卫生健康委员会《死亡医学证明》（内容按权限不予显示，可联系对方部门核实）",
        "首次提出日期": "2018-03-29",
        "天数": "0",
        "处理办法": "请核实该人是否死亡，在本部门系统中更正后重新报送",
    }
    assert json.loads((folder / "疑义.json").read_text())["opened"] == 1
    assert folder.stat().st_mode & 0o777 == 0o750
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o640}


def test_new_ones_become_standing_ones_and_then_resolved_ones(city: ObjectionWorld) -> None:
    a, b = objection("a"), objection("b")
    city.deliver(HOUSEHOLD, {"P-a": 2, "P-b": 3})
    city.release(population=[a])
    city.follow()
    receipt = city.deliver(HOUSEHOLD, {"P-a": 5})
    city.release(population=[a, b])
    [second] = city.follow()
    sheets = read(second)
    assert sheets["新开"]["疑义编号"].to_list() == ["baaa".ljust(26, "a")]
    assert sheets["仍在"].select("主键", "首次提出日期", "天数", "行号").rows() == [
        ("P-a", "2018-03-29", "1", "5")
    ]
    mended = city.deliver(HOUSEHOLD, {"P-a": 9})
    other = city.deliver(DEATH, {"D-b": 4})
    city.release(population=[])
    [third] = city.follow()
    assert receipt != mended
    resolved = read(third)["已解决"].select("主键", "本部门的值", "解决日期", "解决于").rows()
    assert resolved[0][:3] == ("P-a", "正常", "2018-03-31")
    assert resolved[0][3] == f"铜川市公安局《户籍人口登记》2018-03-31 回执 {mended}"
    assert (
        resolved[1][3] == "铜川市卫生健康委员会《死亡医学证明》2018-03-31"
    )  # no receipt of others
    assert other not in "".join(resolved[1])


def test_no_sheet_without_a_change_and_none_for_others(city: ObjectionWorld) -> None:
    tax = objection("t", provider="tax", extract=TAX, record_key="T", rule_id="R-LE-01")
    city.release(population=[objection("a")], legal_entity=[tax])
    assert len(city.follow()) == 2
    city.release(legal_entity=[])
    [folder] = city.follow()
    assert folder.parent.parent.name == "tax"
    assert city.follow() == []
    city.release(population=[objection("a")])
    assert city.follow() == []
    own = read(folder)
    text = "".join(str(row) for sheet in own.values() for row in sheet.rows())
    assert "P-a" not in text
    assert "T" in own["已解决"]["主键"].to_list()


def test_two_releases_of_one_date_are_one_sheet(city: ObjectionWorld) -> None:
    city.release(day=START, population=[objection("a")])
    [first] = city.follow()
    city.release(day=START, population=[objection("a"), objection("b")])
    assert city.follow() == [first]
    assert read(first)["新开"]["主键"].to_list() == ["P-a", "P-b"]


def test_equal_rows_give_equal_bytes(city: ObjectionWorld) -> None:
    city.release(population=[objection("a")])
    [folder] = city.follow()
    before = (folder / "疑义.xlsx").read_bytes()
    (folder / "疑义.json").unlink()
    assert city.follow() == [folder]
    assert (folder / "疑义.xlsx").read_bytes() == before
    with zipfile.ZipFile(folder / "疑义.xlsx") as book:
        assert b"<f>" not in b"".join(book.read(n) for n in book.namelist() if "sheet" in n)


@pytest.mark.parametrize(
    ("row", "is_shown"),
    [
        # the police keep no dates of death
        (objection("a", evidence=SECRET), False),
        # names they keep themselves
        (objection("a", rule_id="R-POP-02", attribute="name", evidence=SECRET), True),
        # both records are their own
        (objection("a", rule_id="R-POP-03", counterpart_extract=HOUSEHOLD, evidence=SECRET), True),
        # civil affairs writes dates of death too (cremations)
        (
            objection("a", rule_id="R-POP-11", provider="civil_affairs", extract=MARRIAGE,
                      attribute="registered_date", evidence=SECRET),
            True,
        ),
        # a rule that does not say what its evidence quotes shows none
        (objection("a", rule_id="R-POP-08", evidence=SECRET), False),
        # health keeps no dates of cremation
        (
            objection("a", rule_id="R-POP-14", provider="health", extract=DEATH,
                      attribute="death_date", evidence=SECRET,
                      counterpart_extract="population/cremation"),
            False,
        ),
    ],
)  # fmt: skip
def test_the_other_side_is_shown_to_those_who_may_see_it(
    city: ObjectionWorld, row: dict[str, object], is_shown: bool
) -> None:
    city.release(population=[row])
    [folder] = city.follow()
    with zipfile.ZipFile(folder / "疑义.xlsx") as book:
        content = b"".join(book.read(name) for name in book.namelist()).decode()
    assert (SECRET in content) is is_shown
    assert ("D-a" in content) is (row["counterpart_extract"] == HOUSEHOLD)


def test_what_is_not_personal_is_shown_to_everybody() -> None:
    known = catalog()
    licence, enterprise = "e_licence/licence", "legal_entity/enterprise_registration"
    assert may_see_evidence(known, "e_government", "R-LIC-05", licence, enterprise)
    assert not may_see_evidence(known, "e_government", "R-LIC-04", licence, DEATH)
    assert not may_see_evidence(known, "market_regulation", "R-LE-05", enterprise, DEATH)


def test_every_rule_of_objections_says_what_its_evidence_quotes() -> None:
    known = catalog()
    rules = {
        rule
        for product in known.products.values()
        if product.name == "objection"
        for check in product.by_name["rule_id"].checks
        for rule in check.params["values"]
    }
    assert len(rules) >= 25
    assert [r for r in sorted(rules) if known.rules[r].evidence is None] == []
    named = {n for r in known.rules.values() for n in r.evidence or ()} - {"attribute"}
    columns = {c.name for e in known.extracts.values() for c in e.columns}
    assert named <= columns


def test_a_value_that_looks_like_a_formula_stays_a_text(city: ObjectionWorld) -> None:
    odd = objection("a", value_seen=f"=1+1 {NUMBER}")
    city.release(population=[odd])
    [folder] = city.follow()
    assert read(folder)["新开"]["本部门的值"].to_list() == [f"=1+1 {NUMBER}"]
