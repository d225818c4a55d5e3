"""What writers may write differently of one thing is gone, what tells things apart stays."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from linkage import forms


def form(make: Callable[[str], str], value: str | None) -> str | None:
    row = duckdb.execute(f"SELECT {make('v')} FROM (SELECT $1::VARCHAR AS v)", [value]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("make", "value", "expected"),
    [
        (forms.person_name, "王 小　明（女）", "王小明"),
        (forms.person_name, "阿布都•买买提", "阿布都买买提"),
        (forms.person_name, "阿布都·买买提", "阿布都买买提"),
        (forms.person_name, "王小明", "王小明"),
        (forms.person_name, "䶮小明", "䶮小明"),
        (forms.person_name, " 　", None),
        (forms.person_name, None, None),
        (forms.entity_name, "铜川市（新区）建材 有限公司", "铜川市(新区)建材有限公司"),
        (forms.address, "陕西省铜川市王益區 七一路１２號（东）3号楼", "七一路12号3号楼"),
        (forms.address, "耀县七一路街道办事处12号", "七一路街道12号"),
        (forms.telephone, "+86 139-1234-5678", "13912345678"),
        (forms.telephone, "13912345678", "13912345678"),
        (forms.broken_number, "610204 19900101 001x", "61020419900101001X"),
        (forms.broken_number, "６１０２０４９００１０１００１", "610204900101001"),
        (forms.broken_number, "6.10204E+17", None),
        (forms.broken_number, "610204********001X", None),
        (forms.code, "d2143569-x", "D2143569X"),
        (forms.day, "2018-03-01", "20180301"),
        (forms.day, "2018-13-01", None),
    ],
)
def test_form(make: Callable[[str], str], value: str | None, expected: str | None) -> None:
    assert form(make, value) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("铜川市盛华建材有限公司", "陕西省铜川市盛华建材有限责任公司"),
        ("铜川盛华建材(普通合伙)", "铜川市盛华建材"),
    ],
)
def test_core_of_an_organisation(one: str, other: str) -> None:
    def core(column: str) -> str:
        return forms.entity_core(forms.entity_name(column))

    assert form(core, one) == form(core, other) == "盛华建材"
    assert form(core, "铜川市盛华陶瓷有限公司") != "盛华建材"


def test_building_ends_at_the_house() -> None:
    assert form(forms.building, "七一路12号3号楼501") == "七一路12号3号楼"
    assert form(forms.building, "小丘镇乙社村4组39号") == "小丘镇乙社村4组39号"
    assert form(forms.building, "小丘镇") is None
