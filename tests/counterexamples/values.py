"""Counterexamples of lines and values: R-ROW, R-VAL, R-CODE, R-ID, R-POP, R-USCC, R-DIV, …"""

from __future__ import annotations

from tests.counterexamples.case import Case, line, value
from tests.unit.ingest.ingest_world import (
    BIRTH,
    DEATH,
    ENTERPRISE,
    HOUSEHOLD,
    INSTITUTION,
    MARRIAGE,
    PERMIT,
    SOCIAL,
    TAX,
    City,
    csv_bytes,
    organisation_code,
    resident_number,
    row,
    rows,
    uscc,
)

_HEAD, _FIRST, _SECOND = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 2)).splitlines()
NUMBER = resident_number()
MAN, WOMAN = NUMBER, resident_number(born="19820202", order="002")


def text(*lines: bytes) -> bytes:
    return b"\n".join((_HEAD, *lines)) + b"\n"


def swallowed(_city: City) -> bytes:
    """Two stray quotes, two records apart: what lies between is one field to any CSV parser."""
    lines = csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 4)).splitlines()
    lines[1] = lines[1].replace("王小明".encode(), '"王小明'.encode())
    lines[3] = lines[3].replace("王小明".encode(), '王小明"'.encode())
    return b"\n".join(lines)


def spoilt(number: str) -> str:
    """The same number with another check character."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def same_key(_city: City) -> bytes:
    return csv_bytes(BIRTH, [row(BIRTH, 1), row(BIRTH, 1, sex_code="2"), row(BIRTH, 2)])


def code_with_bad_inside() -> str:
    """A USCC whose own check fits while that of the organisation code in it does not."""
    right = organisation_code("71234567")
    return uscc(organisation="71234567" + ("0" if right[-1] != "0" else "1"))


ROWS = [
    line("R-ROW-01", "too-many", text(_FIRST + b",", _SECOND)),
    line("R-ROW-02", "too-few", text(_FIRST, _SECOND.rsplit(b",", 1)[0]), 3),
    line("R-ROW-03", "stray-quote", text(_FIRST.replace(b"H1", b'H"1'), _SECOND)),
    Case("R-ROW-04", "swallowed", swallowed, (4, 1, 3, 0),
         rules=(("R-ROW-03", "reject", "", 1), ("R-ROW-04", "reject", "", 2)),
         returned=(("2", "", "R-ROW-03"), ("3", "", "R-ROW-04"), ("4", "", "R-ROW-04"))),
    Case("R-ROW-05", "same-key", same_key, (3, 1, 2, 0), extract=BIRTH,
         rules=(("R-ROW-05", "reject", "certificate_no", 2),),
         returned=(("2", "certificate_no", "R-ROW-05"), ("3", "certificate_no", "R-ROW-05"))),
    line("R-ROW-06", "a-megabyte", text(_FIRST.replace(b"H1", b"H" * (1 << 20)), _SECOND)),
]  # fmt: skip

VALUES = [
    value("R-VAL-01", "empty", HOUSEHOLD, "reject", "household_no", household_no=" "),
    value("R-VAL-01", "null-word", PERMIT, "blank", "resident_id", resident_id="NULL"),
    value("R-VAL-02", "control", HOUSEHOLD, "blank", "employer_name", employer_name="矿\x07务局"),
    value("R-VAL-03", "unit", ENTERPRISE, "blank", "registered_capital", registered_capital="50万"),
    value("R-VAL-04", "no-such-day", HOUSEHOLD, "reject", "birth_date", birth_date="1980-02-30"),
    value("R-VAL-05", "placeholder", HOUSEHOLD, "warn", "status_date", status_date="1900-01-01"),
    value("R-VAL-06", "not-listed", HOUSEHOLD, "blank", "household_type", household_type="船民"),
    value("R-VAL-07", "no-end", ENTERPRISE, "blank", "closed_date", registration_status_code="3"),
    value("R-VAL-08", "tomorrow", DEATH, "reject", "death_date", death_date="2018-04-01",
          issued_date="2018-04-01"),
    value("R-VAL-09", "before-birth", BIRTH, "reject", "issued_date", issued_date="2018-02-28"),
    value("R-VAL-10", "perhaps", HOUSEHOLD, "reject", "has_answer", extra_contract=True,
          has_answer="也许"),
    value("R-VAL-11", "nine-digits", BIRTH, "reject", "certificate_no", certificate_no="123456789"),
    value("R-VAL-12", "no-icd", DEATH, "blank", "underlying_cause_code",
          underlying_cause_code="心脏病"),
    value("R-VAL-13", "formula", HOUSEHOLD, "blank", "employer_name", employer_name="#REF!"),
    value("R-VAL-14", "line-break", HOUSEHOLD, "warn", "registered_address",
          registered_address="王益区\n七一路"),
    value("R-VAL-15", "too-large", HOUSEHOLD, "blank", "score", extra_contract=True, score="101"),
    value("R-VAL-15", "too-small", HOUSEHOLD, "blank", "score", extra_contract=True, score="-1"),
    value("R-VAL-16", "digits", HOUSEHOLD, "reject", "name", name="12345"),
    value("R-VAL-17", "masked", HOUSEHOLD, "reject", "name", name="王*明"),
    value("R-VAL-18", "landline", PERMIT, "blank", "mobile", mobile="0919-2185123"),
    value("R-VAL-19", "no-time", HOUSEHOLD, "reject", "updated_at", updated_at="昨天"),
    value("R-VAL-20", "thirteenth", HOUSEHOLD, "blank", "paid_month", extra_contract=True,
          paid_month="2018-13"),
    value("R-VAL-22", "excel-key", HOUSEHOLD, "reject", "person_no", person_no="6.10203E+15"),
    value("R-CODE-02", "no-nation", HOUSEHOLD, "reject", "ethnic_code", ethnic_code="99"),
]  # fmt: skip

PERSONS = [
    value("R-ID-02", "fifteen", HOUSEHOLD, "warn", "resident_id",
          resident_id=NUMBER[:6] + NUMBER[8:17]),
    value("R-ID-03", "scientific", HOUSEHOLD, "reject", "resident_id", resident_id="6.10203E+17"),
    value("R-ID-03", "zeros", PERMIT, "blank", "resident_id", resident_id=NUMBER[:15] + "000"),
    value("R-ID-04", "check", HOUSEHOLD, "reject", "resident_id", resident_id=spoilt(NUMBER)),
    value("R-ID-05", "no-such-day", HOUSEHOLD, "reject", "resident_id",
          resident_id=resident_number(born="19800230")),
    value("R-ID-05", "not-yet-born", HOUSEHOLD, "reject", "resident_id",
          resident_id=resident_number(born="20180401")),
    value("R-ID-06", "no-such-place", DEATH, "warn", "resident_id",
          resident_id=resident_number("199999")),
    value("R-ID-07", "masked", HOUSEHOLD, "reject", "resident_id",
          resident_id="610203********0011"),
    value("R-ID-08", "seventeen", HOUSEHOLD, "reject", "resident_id", resident_id=NUMBER[:17]),
    value("R-ID-08", "foreign-digits", HOUSEHOLD, "reject", "resident_id",
          resident_id="٦١٠٢٠٣١٩٨٠٠١٠١٠٠١٢"),
    value("R-ID-09", "reserved", DEATH, "blank", "resident_id", resident_id="610203800101999"),
    value("R-POP-06", "sex", HOUSEHOLD, "warn", "sex_code", sex_code="2"),
    value("R-POP-07", "birth", HOUSEHOLD, "warn", "birth_date", birth_date="1980-01-02"),
    value("R-POP-08", "exchanged", MARRIAGE, "warn", "husband_resident_id",
          ("R-POP-08", "warn", "wife_resident_id", 1),
          husband_resident_id=WOMAN, wife_resident_id=MAN),
]  # fmt: skip

ORGANISATIONS = [
    value("R-USCC-01", "letter-i", ENTERPRISE, "blank", "uscc", uscc="I" + uscc()[1:]),
    value("R-USCC-02", "check", INSTITUTION, "reject", "uscc", uscc=spoilt(uscc("12"))),
    value("R-USCC-03", "inside", ENTERPRISE, "warn", "uscc", uscc=code_with_bad_inside()),
    value("R-USCC-04", "enterprise", SOCIAL, "reject", "uscc", uscc=uscc("91")),
    value("R-USCC-05", "no-such-kind", ENTERPRISE, "warn", "uscc", uscc=uscc("94")),
    value("R-USCC-06", "placeholder", ENTERPRISE, "warn", "uscc", uscc="0" * 17 + "X"),
    value("R-REG-01", "check", ENTERPRISE, "blank", "registration_no",
          registration_no="610203100000010"),
    value("R-REG-01", "foreign-digits", ENTERPRISE, "blank", "registration_no",
          registration_no="٦١٠٢٠٣١٠٠٠٠٠٠١٠"),
    value("R-REG-02", "thirteen", ENTERPRISE, "warn", "registration_no",
          registration_no="6102031000001"),
    value("R-TAX-01", "no-form", TAX, "reject", "taxpayer_id", taxpayer_id="12345"),
    value("R-TAX-01", "foreign-digits", TAX, "reject", "taxpayer_id",
          taxpayer_id="٦١٠٢٠٣712345678"),
    value("R-DIV-01", "never", HOUSEHOLD, "reject", "registered_division_code",
          registered_division_code="999999"),
    value("R-DIV-02", "elsewhere", HOUSEHOLD, "reject", "registered_division_code",
          registered_division_code="110101"),
    value("R-DIV-03", "aggregate", HOUSEHOLD, "blank", "birthplace_division_code",
          birthplace_division_code="610201"),
]  # fmt: skip

CASES = [*ROWS, *VALUES, *PERSONS, *ORGANISATIONS]
