"""Electronic licences: identifiers, several holders and their codes, long terms."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings
from stdnum.iso7064 import mod_37_36

from catalog import catalog
from ingest.clean import Context, Evaluated
from ingest.e_licence import check_fits, check_holder_codes, to_licence_identifier, to_several
from tests.unit.ingest.e_licence_world import (
    LICENCE,
    MAN,
    SAMPLE,
    WOMAN,
    identifier,
    jsonl,
    licence,
)
from tests.unit.ingest.ingest_world import City, uscc

CONTEXT = Context(catalog(), date(2018, 3, 31))
PARAMS = {"uscc": ["001"], "resident_id": ["111", "112", "113"]}
FIRM = uscc()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=34)))
def test_the_check_is_iso_7064(serials: list[str]) -> None:
    right = [identifier(s) for s in serials]
    body = [r[len("1.2.156.3005.2.") :].replace(".", "") for r in right]
    assert all(mod_37_36.is_valid(b) for b in body)
    assert check_fits(pl.Series(right, dtype=pl.String)).all()
    wrong = [r[:-1] + ("0" if r[-1] != "0" else "1") for r in right]
    assert not check_fits(pl.Series(wrong, dtype=pl.String)).any()


def test_identifiers_are_kept_and_warned_of() -> None:
    some = [
        SAMPLE, SAMPLE.lower(), "．".join(SAMPLE.split(".")), SAMPLE[:-1] + "V", SAMPLE[2:],
        SAMPLE.replace("11430000006122244L", "430000"), "JZ-1", None,
    ]  # fmt: skip
    done = to_licence_identifier(Evaluated(pl.Series(some)))
    assert done.values.to_list()[:3] == [SAMPLE] * 3
    assert done.values.to_list()[6:] == ["JZ-1", None]
    assert done.is_valid is not None
    assert done.is_valid.tolist() == [True, True, True, False, False, False, False, False]
    assert {r: m.nonzero()[0].tolist() for r, m in done.problems.items()} == {
        "R-LIC-01": [4, 6], "R-LIC-02": [3, 5],
    }  # fmt: skip


def test_several_are_joined_in_one_way() -> None:
    some = pl.Series(["甲^乙", "甲，乙", "甲, 乙", " 甲 ＾乙^", "^", "甲", None])
    assert to_several(Evaluated(some)).values.to_list() == [
        "甲^乙", "甲^乙", "甲^乙", "甲^乙", None, "甲", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "names", "code", "kept", "rules"),
    [
        ("111", "甲", MAN.lower(), MAN, set()),
        ("111", "甲^乙", f"{MAN}，{WOMAN}", f"{MAN}^{WOMAN}", set()),
        ("111", "甲^乙", f"{MAN}^{WOMAN[:-1]}0", f"{MAN}^", {"R-ID-04"}),
        ("111", "甲^乙^丙", f"610*^{WOMAN}^", f"^{WOMAN}^", {"R-ID-07"}),
        ("111", "甲^乙", f"1^{WOMAN[:-1]}0", None, {"R-ID-04", "R-ID-08"}),
        ("111", "甲^乙", MAN, None, {"R-LIC-03"}),
        ("111", "甲", f"{MAN}^{WOMAN}", None, {"R-LIC-03"}),
        ("111", "甲", f"{MAN}^", MAN, set()),
        ("111", "甲", MAN[:6] + MAN[8:17], MAN, {"R-ID-02"}),
        ("001", "甲", FIRM, FIRM, set()),
        ("001", "甲", MAN, None, {"R-USCC-02"}),
        ("111", "甲", FIRM, None, {"R-ID-05"}),
        ("414", "甲^乙", "g123,E4", "G123^E4", set()),
        ("113", "甲", "12345", None, {"R-ID-08"}),
        ("111", "甲", None, None, set()),
    ],
)  # fmt: skip
def test_codes_follow_their_kind(
    kind: str, names: str, code: str | None, kept: str | None, rules: set[str]
) -> None:
    # beside a good row of another kind, which nothing of this one may touch
    done = Evaluated(pl.Series([FIRM, code], dtype=pl.String))
    check_holder_codes(done, pl.Series(["丁", names]), pl.Series(["001", kind]), PARAMS, CONTEXT)
    assert done.values.to_list() == [FIRM, kept]
    assert set(done.problems) == rules
    assert not any(mask[0] for mask in done.problems.values())


@pytest.mark.parametrize(
    ("told", "end", "is_long"),
    [
        ("", None, True), ("长期", None, True), ("2099-12-31", None, True), ("无", None, True),
        ("9999/12/31", None, True), ("2024-01-02", date(2024, 1, 2), False),
        ("2017-12-31", None, False), ("不知道", None, False),
    ],
)  # fmt: skip
def test_the_end_of_validity(city: City, told: str, end: date | None, is_long: bool) -> None:
    record = city.deliver(LICENCE, jsonl(licence(valid_to=told)), "a_20180331.jsonl")
    (row,) = city.accepted(record).rows(named=True)
    assert (row["valid_to"], row["valid_to_is_long_term"]) == (end, is_long)
    if end is None and not is_long:
        assert told in row["as_given"]


def test_a_missing_column_of_the_end_means_long_term(city: City) -> None:
    some = {k: v for k, v in licence().items() if k not in ("valid_to", "previous_identifier")}
    record = city.deliver(LICENCE, jsonl(some), "a_20180331.jsonl")
    (row,) = city.accepted(record).rows(named=True)
    assert row["valid_to_is_long_term"] is True
    assert row["previous_identifier"] is None


def test_what_was_given_stays_beside_a_code_that_was_dropped(city: City) -> None:
    some = licence(holder_name="王小明^李梅", holder_code=f"{MAN},{WOMAN[:-1]}0")
    record = city.deliver(LICENCE, jsonl(some), "a_20180331.jsonl")
    (row,) = city.accepted(record).rows(named=True)
    assert row["holder_code"] == f"{MAN}^"
    assert f"{WOMAN[:-1]}0" in row["as_given"]
    told = {(r["rule_id"], r["severity"], r["column"]) for r in city.receipt(record)["rules"]}
    assert told == {("R-ID-04", "blank", "holder_code")}


def test_a_deletion_needs_only_its_key(city: City) -> None:
    gone = {"licence_identifier": identifier(), "updated_at": "2018-03-30", "operation": "D"}
    record = city.deliver(LICENCE, jsonl(licence(2), gone), "a_20180331.jsonl")
    assert (record.accepted, record.rejected) == (2, 0)
