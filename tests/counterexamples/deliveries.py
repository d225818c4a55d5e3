"""Counterexamples that need an earlier delivery or a bound: R-ENV, R-RET."""

from __future__ import annotations

from tests.counterexamples.case import Case, refused
from tests.unit.ingest.ingest_world import (
    BIRTH,
    DEATH,
    HOUSEHOLD,
    INSTITUTION,
    City,
    csv_bytes,
    row,
    rows,
)


def mostly_bad(_city: City) -> bytes:
    good, bad = rows(HOUSEHOLD, 9), [row(HOUSEHOLD, n, ethnic_code="99") for n in range(10, 21)]
    return csv_bytes(HOUSEHOLD, good + bad)


def nothing_usable(_city: City) -> bytes:
    return csv_bytes(INSTITUTION, [{**row(INSTITUTION, n), "address": ""} for n in range(1, 5)])


def shrunk(city: City) -> bytes:
    city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 10)), "list_20180228.csv")
    return csv_bytes(INSTITUTION, rows(INSTITUTION, 7))


def returned_once(city: City, extract: str = HOUSEHOLD) -> str:
    """A delivery whose line 3 went back; its receipt number."""
    column = {HOUSEHOLD: "ethnic_code", BIRTH: "sex_code"}[extract]
    some = [row(extract, 1), row(extract, 2, **{column: "99"})]
    return city.deliver(extract, csv_bytes(extract, some), "first_20180330.csv").receipt_id


def answer(extract: str, *told: tuple[str, str]) -> bytes:
    """A corrected 退回明细: a good row for each (回执号, 行号)."""
    some = [
        {**row(extract, n + 2), "回执号": receipt, "行号": line}
        for n, (receipt, line) in enumerate(told)
    ]
    return csv_bytes(extract, some)


def wrong_line(city: City) -> bytes:
    receipt = returned_once(city)
    return answer(HOUSEHOLD, (receipt, "3"), (receipt, "2"))


def one_line_twice(city: City) -> bytes:
    """Lines 3 to 6 went back; one number was dragged over the next, as Excel does."""
    bad = [row(HOUSEHOLD, n, ethnic_code="99") for n in (2, 3, 4, 5)]
    some = [row(HOUSEHOLD, 1), *bad, *[row(HOUSEHOLD, n) for n in (6, 7, 8)]]
    name = "first_20180330.csv"
    receipt = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some), name).receipt_id
    return answer(HOUSEHOLD, *((receipt, line) for line in "3446"))


def mixed(city: City) -> bytes:
    first = returned_once(city)
    some = [row(HOUSEHOLD, 7), row(HOUSEHOLD, 8, ethnic_code="99")]
    second = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, some), "second_20180330.csv").receipt_id
    return answer(HOUSEHOLD, (first, "3"), (second, "3"))


def other_department(city: City) -> bytes:
    return answer(DEATH, (returned_once(city), "3"))


def other_extract(city: City) -> bytes:
    return answer(DEATH, (returned_once(city, BIRTH), "3"))


def told_otherwise(city: City) -> bytes:
    """Of three certificates one was told before as it is, one with another place, one never."""
    some = [row(DEATH, n) for n in (1, 2)]
    city.deliver(DEATH, csv_bytes(DEATH, some), "first_20180328.csv")
    return csv_bytes(DEATH, [some[0], {**some[1], "institution_name": "县医院"}, row(DEATH, 3)])


CASES = [
    Case("R-ROW-07", "told-otherwise", told_otherwise, (3, 3, 0, 0), extract=DEATH,
         rules=(("R-ROW-07", "warn", "certificate_no", 1),)),
    refused("R-ENV-01", "mostly-bad", mostly_bad, 20,
            rules=(("R-CODE-02", "reject", "ethnic_code", 11),),
            returned=tuple((str(n), "ethnic_code", "R-CODE-02") for n in range(11, 22))),
    refused("R-ENV-01", "full-list-without-a-usable-row", nothing_usable, 4, extract=INSTITUTION,
            rules=(("R-VAL-01", "reject", "address", 4),),
            returned=tuple((str(n), "address", "R-VAL-01") for n in range(2, 6))),
    refused("R-ENV-02", "shrunk", shrunk, 7, extract=INSTITUTION),
    refused("R-ENV-03", "below", csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)), 1, extra_contract=True),
    refused("R-ENV-04", "above", csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 21)), 21,
            extra_contract=True),
    refused("R-RET-01", "never-heard-of", answer(HOUSEHOLD, ("0" * 24, "3")), 1),
    Case("R-RET-02", "wrong-line", wrong_line, (2, 1, 1, 0),
         rules=(("R-RET-02", "reject", "", 1),), returned=(("3", "", "R-RET-02"),)),
    Case("R-RET-05", "one-line-twice", one_line_twice, (4, 2, 2, 0),
         rules=(("R-RET-05", "reject", "", 2),),
         returned=(("3", "", "R-RET-05"), ("4", "", "R-RET-05"))),
    refused("R-RET-03", "two-receipts", mixed, 2),
    refused("R-RET-04", "other-department", other_department, 1, extract=DEATH),
    refused("R-RET-04", "other-extract", other_extract, 1, extract=DEATH),
]  # fmt: skip
