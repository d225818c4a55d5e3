"""双公示: both formats, any department, document numbers with every bracket, kinds, debtors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from catalog import catalog
from ingest.clean import Context, Evaluated
from ingest.credit import listed_names, to_debtor_number, to_document_no
from tests.unit.ingest.ingest_world import City, csv_bytes, organisation_code, row, uscc

PERMIT, PENALTY = "credit/administrative_permit", "credit/administrative_penalty"
OLD_PERMIT = (
    "XK_WSH,XK_XMMC,XK_SPLB,XK_NR,XK_XDR,XK_XDR_SHXYM,XK_XDR_ZDM,XK_XDR_GSDJ,XK_XDR_SWDJ,"
    "XK_XDR_SFZ,XK_FR,XK_JDRQ,XK_JZQ,XK_XZJG,XK_ZT,DFBM,SJC,BZ\n"
    "许[2016]1号,采矿许可,普通,准予,某公司,{uscc},,,,,王小明,2016/05/03,2099/12/31,某局,0,610200,,\n"
    "许[2016]2号,采矿许可,普通,准予,王小明,,,,,610203199001010011,,2016/05/03,,某局,1,610200,,\n"
)
OLD_PENALTY = (
    "行政处罚决定书文号,处罚名称,处罚类别1,处罚类别2,处罚事由,处罚依据,行政相对人名称,"
    "居民身份证号,处罚结果,CF_JDRQ,处罚机关,当前状态,地方编码,数据更新时间戳\n"
    "罚(2016)1号,违规案,罚款,警告,事由,依据,某公司,,罚款五百元,2016/05/03,某局,2,610200,2016\n"
)


def _rules(city: City, record) -> set[tuple[str, str, str, int]]:
    told = city.receipt(record)["rules"]
    return {(r["rule_id"], r["severity"], r["column"] or "", r["rows"]) for r in told}


def test_the_format_of_2015_has_no_columns_to_miss(city: City) -> None:
    content = OLD_PERMIT.format(uscc=uscc()).encode("gb18030")
    record = city.deliver(PERMIT, content, provider="land_resources")
    assert (record.status, record.read, record.accepted) == ("accepted", 2, 2)
    assert _rules(city, record) == {("R-COL-03", "warn", "xk_fr_zjhm", 2)}
    rows = city.accepted(record).sort("xk_wsh")
    assert rows["xk_wsh"].to_list() == ["许〔2016〕1号", "许〔2016〕2号"]
    assert rows["xk_zt_2015"].to_list() == ["正常", "撤销"]
    assert rows["xk_xmmc"].to_list() == ["采矿许可"] * 2
    assert rows["xk_yxqzi_is_long_term"].to_list() == [True, False]
    assert rows["xk_xdr_zjhm"].to_list() == [None, "610203199001010011"]
    for column in ("xk_xdr_lb", "xk_xkjgdm", "xk_zt", "xk_yxqz", "xk_lydwdm"):
        assert rows[column].null_count() == 2


def test_the_format_of_2015_by_chinese_headers_and_codes_mixed(city: City) -> None:
    record = city.deliver(PENALTY, OLD_PENALTY.encode(), provider="tax")
    assert record.status == "accepted"
    row_ = city.accepted(record).row(0, named=True)
    assert (row_["cf_cflb"], row_["cf_cflb2"]) == ("罚款", "警告")
    assert row_["cf_zt_2015"] == "异议"
    assert row_["cf_nr_fk"] is None  # the format has no amounts: none is missed


def test_codes_and_chinese_headers_of_2018_are_one(city: City) -> None:
    told = row(PERMIT)
    plain = csv_bytes(PERMIT, [told]).decode().split("\n")[1]
    mixed = ",".join(n.upper() if i % 2 else n for i, n in enumerate(told)) + "\n" + plain + "\n"
    first = city.deliver(PERMIT, csv_bytes(PERMIT, [told]), provider="environment")
    second = city.deliver(PERMIT, mixed.encode(), "b_20180331.csv", provider="tax")
    columns = [c.name for c in catalog().extracts[PERMIT].columns]
    assert city.accepted(first).select(columns).equals(city.accepted(second).select(columns))


@pytest.mark.parametrize("provider", ["environment", "tax", "health", "court"])
def test_any_department_delivers_and_each_has_its_receipt(city: City, provider: str) -> None:
    record = city.deliver(PENALTY, csv_bytes(PENALTY, [row(PENALTY)]), provider=provider)
    assert (record.provider, record.accepted) == (provider, 1)
    assert (city.root.receipts / provider / PENALTY).is_dir()


def test_brackets_do_not_make_another_record(city: City) -> None:
    forms = [
        *("罚〔2018〕1号", "罚［2018］1号", "罚[2018]1号"),
        *("罚(2018) 1号", "罚（２０１８）1号", "罚【2018】1号"),
    ]
    some = [row(PENALTY, 1, cf_wsh=form) for form in forms]
    record = city.deliver(PENALTY, csv_bytes(PENALTY, some), provider="environment")
    assert (record.read, record.accepted, record.duplicate) == (6, 1, 5)
    values = to_document_no(Evaluated(pl.Series([*forms, None]))).values
    assert values.to_list() == ["罚〔2018〕1号"] * 6 + [None]


def test_a_correction_is_told_per_department(city: City) -> None:
    city.deliver(PERMIT, csv_bytes(PERMIT, [row(PERMIT)]), "a_20180329.csv", provider="tax")
    changed = csv_bytes(PERMIT, [row(PERMIT, xk_zt="2", xk_wsh="许[2018]1号")])
    other = city.deliver(PERMIT, changed, "a_20180330.csv", provider="health")
    own = city.deliver(PERMIT, changed, "a_20180331.csv", provider="tax")
    assert "R-ROW-07" not in {rule for rule, *_ in _rules(city, other)}
    assert "R-ROW-07" in {rule for rule, *_ in _rules(city, own)}


def test_a_correction_of_a_record_without_a_body_code_is_told(city: City) -> None:
    content = OLD_PERMIT.format(uscc=uscc()).encode()
    city.deliver(PERMIT, content, "a_20180329.csv", provider="tax")
    later = content.replace("准予".encode(), "不再准予".encode())
    record = city.deliver(PERMIT, later, "a_20180330.csv", provider="tax")
    assert ("R-ROW-07", "warn", "xk_wsh、xk_xdr_mc、xk_xkjgdm", 2) in _rules(city, record)


def test_the_placeholder_is_no_code(city: City) -> None:
    some = [
        row(PENALTY, 1, cf_xdr_lb="个体工商户", cf_xdr_shxym="0" * 17 + "X"),
        row(PENALTY, 2, cf_cfjgdm="0" * 17 + "X"),
    ]
    record = city.deliver(PENALTY, csv_bytes(PENALTY, some), provider="environment")
    assert (record.accepted, record.rejected) == (1, 1)  # a body must have a code
    assert city.accepted(record)["cf_xdr_shxym"].to_list() == [None]
    told = _rules(city, record)
    assert ("R-USCC-06", "warn", "cf_xdr_shxym", 1) in told
    assert ("R-VAL-01", "reject", "cf_cfjgdm", 1) in told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("罚款；警告", "警告;罚款"),
        ("警告、罚款", "警告;罚款"),
        ("没收违法所得、没收非法财物;罚款", "罚款;没收违法所得、没收非法财物"),
        ("没收违法所得、没收非法财物、罚款", "罚款;没收违法所得、没收非法财物"),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", "暂扣或者吊销许可证、暂扣或者吊销执照"),
        ("其他-责令改正;罚款;罚款", "罚款;其他-责令改正"),
        ("罚款、斥责", None),
        (";", None),
    ],
)
def test_kinds_of_penalties(text: str, wanted: str | None) -> None:
    found = listed_names(catalog(), "penalty_kind", text, several=True, free="其他")
    assert found == wanted


def test_kinds_of_the_new_law_count_from_its_day(city: City) -> None:
    some = [
        row(PENALTY, 1, cf_cflb="通报批评", cf_jdrq="2021/07/14"),
        row(PENALTY, 2, cf_cflb="通报批评", cf_jdrq="2021/07/15"),
    ]
    record = city.deliver(PENALTY, csv_bytes(PENALTY, some), "x_20210720.csv", provider="tax")
    assert (record.accepted, record.rejected) == (1, 1)


def test_amounts_and_persons(city: City) -> None:
    person = {"cf_xdr_lb": "01", "cf_xdr_shxym": "", "cf_frdb": "", "cf_xdr_zjlx": "身份证",
              "cf_xdr_zjhm": "610203199001010011"}  # fmt: skip
    some = [row(PENALTY, 1, cf_nr_fk="0.012345", **person), row(PENALTY, 2, cf_nr_fk="-1")]
    record = city.deliver(PENALTY, csv_bytes(PENALTY, some), provider="environment")
    rows = city.accepted(record).sort("cf_wsh")
    assert rows["cf_nr_fk"].to_list() == [Decimal("0.012345"), None]
    assert rows["cf_xdr_lb"].to_list() == ["自然人", "法人及非法人组织"]
    assert ("R-CRD-02", "blank", "cf_xdr_zjhm", 1) not in _rules(city, record)


def test_numbers_of_debtors() -> None:
    code = organisation_code("71234567")
    given = [
        "6102031980****0011",
        code[:8] + "-" + code[8:],
        uscc(),
        "610203199001010011",
        "12",
        None,
    ]
    done = to_debtor_number(Evaluated(pl.Series(given)), Context(catalog(), date(2018, 3, 31)))
    assert done.values.to_list() == [given[0], code, uscc(), given[3], None, None]
    assert done.problems["R-CRD-14"].tolist() == [False, False, False, False, True, False]
