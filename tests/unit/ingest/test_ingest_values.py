"""Dates, times, months, numbers, codes, divisions, names: every form, and nothing guessed."""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog import Column, catalog
from ingest import dates, isodates, pairs, plainvalues, textrules
from ingest.clean import Context, Evaluated, clean
from ingest.evaluate import _SAMPLE, _evaluate, evaluate_column
from ingest.findings import _json_text
from tests.unit.ingest.ingest_world import ENTERPRISE, HOUSEHOLD, PERMIT, resident_number

CATALOG = catalog()
CONTEXT = Context(CATALOG, date(2018, 3, 31))
_DAYS = st.dates(date(1900, 1, 2), date(2098, 12, 31))


def series(*values: str | None) -> Evaluated:
    return Evaluated(pl.Series("v", values, dtype=pl.String))


def column(extract: str, name: str, **changed: object) -> Column:
    return dataclasses.replace(CATALOG.extracts[extract].by_name[name], **changed)  # type: ignore[arg-type]


def chinese(day: date) -> str:
    digits = "〇一二三四五六七八九"

    def number(value: int) -> str:
        tens, ones = divmod(value, 10)
        head = "" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")
        return head + (digits[ones] if ones else "")

    year = "".join(digits[int(c)] for c in f"{day.year:04d}")
    return f"{year}年{number(day.month)}月{number(day.day)}日"


FORMS = {
    "iso": lambda d: d.isoformat(),
    "compact": lambda d: f"{d:%Y%m%d}",
    "slash": lambda d: f"{d.year}/{d.month}/{d.day}",
    "slash0": lambda d: f"{d:%Y/%m/%d}",
    "dot": lambda d: f"{d.year}.{d.month}.{d.day}",
    "dash": lambda d: f"{d.year}-{d.month}-{d.day}",
    "year": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "year0": lambda d: f"{d.year}年{d:%m}月{d:%d}号",
    "midnight": lambda d: f"{d.isoformat()} 00:00:00",
    "midnight0": lambda d: f"{d.year}/{d.month}/{d.day} 0:00",
    "wide": lambda d: "".join(chr(ord(c) + 0xFEE0) for c in f"{d:%Y%m%d}"),
    "chinese": chinese,
}


@pytest.mark.parametrize("form", sorted(FORMS))
@given(day=_DAYS)
def test_every_form_of_a_date(form: str, day: date) -> None:
    done = dates.to_date(series(FORMS[form](day), None), long_term=False)
    assert done.values.to_list() == [day, None]
    assert done.problems == {}


@given(st.integers(10000, 73049))
def test_serial_days_of_excel(serial: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=serial)
    for text in (str(serial), f"{serial}.0"):
        assert dates.to_date(series(text), long_term=False).values.to_list() == [day]


def could_be_a_date(text: str) -> bool:
    """Written slowly: one of the forms of the domain reference, or a serial day."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    plain = re.sub(r"T?0?0:00(:00(\.0+)?)?$", "", plain)
    marks = r"[-/.年]"
    numbers = re.fullmatch(rf"(\d{{4}}){marks}(\d\d?)[-/.月](\d\d?)[日号]?", plain)
    numbers = numbers or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", plain)
    if numbers:
        try:
            day = date(*(int(part) for part in numbers.groups()))
        except ValueError:
            return False
        return day.year >= 1000
    return bool(
        re.fullmatch(r"[1-7]\d{4}(\.0+)?|[〇○零一二三四五六七八九]{4}年.{1,2}月.{1,3}[日号]", plain)
    )


@settings(max_examples=400)
@given(st.one_of(
    st.text("0123456789-/.年月日 ", max_size=12), st.text(max_size=10),
    st.from_regex(r"\A[0-9+ -]{4}-[0-9 ]{2}-[0-9 ]{2}\Z"),
))  # fmt: skip
@example("18-01-02")
@example("1/2/18")
@example("2018-02-30")
@example("2018-13-01")
@example("+018-01-01")
@example("2018-1-1 12:30")
def test_garbage_never_becomes_a_date(text: str) -> None:
    done = dates.to_date(series(text), long_term=False)
    if done.values[0] is not None:
        assert could_be_a_date(text)
    else:
        assert set(done.problems) <= {"R-VAL-04", "R-VAL-05"}
        assert done.problems


@pytest.mark.parametrize("text", ["1900-01-01", "1899/12/30", "18991231", "0000-00-00", "0"])
def test_placeholders_become_empty_with_a_warning(text: str) -> None:
    done = dates.to_date(series(text), long_term=False)
    assert (done.values[0], list(done.problems)) == (None, ["R-VAL-05"])


@pytest.mark.parametrize(
    "text", ["长期", "永久", "无固定期限", "2099-12-31", "9999/12/31", "99990909"]
)
def test_long_term(text: str) -> None:
    done = dates.to_date(series(text, "2020-01-01", None), long_term=True)
    assert done.values.to_list() == [None, date(2020, 1, 1), None]
    assert done.is_long_term is not None
    assert done.is_long_term.tolist() == [True, False, False]
    assert done.problems == {}


@given(st.datetimes(datetime(1900, 1, 2), datetime(2098, 12, 31)))
def test_forms_of_a_time(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    forms = [
        f"{whole:%Y-%m-%d %H:%M:%S}", f"{whole:%Y-%m-%dT%H:%M:%S}", f"{whole:%Y%m%d%H%M%S}",
        f"{whole:%Y/%m/%d %H:%M:%S}.000", f"{whole:%Y年%m月%d日} {whole:%H:%M:%S}",
    ]  # fmt: skip
    assert dates.to_datetime(series(*forms)).values.to_list() == [whole] * len(forms)
    minute = whole.replace(second=0)
    assert dates.to_datetime(series(f"{minute:%Y/%m/%d %H:%M}")).values.to_list() == [minute]


@pytest.mark.parametrize(
    "text", ["2018-03-15 24:00:00", "2018-03-15 12:60:00", "2018-03-15 12:00:60", "2018-02-30 1:00",
             "12:00:00", "2018-03-15T12:00:00Z", "2018-03-15 12", "昨天"],
)  # fmt: skip
def test_no_time_is_guessed(text: str) -> None:
    done = dates.to_datetime(series(text))
    assert (done.values[0], list(done.problems)) == (None, ["R-VAL-19"])


def test_serial_times() -> None:
    done = dates.to_datetime(series("43174.5", "43174"))
    assert done.values.to_list() == [datetime(2018, 3, 15, 12), datetime(2018, 3, 15)]


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_months(year: int, month: int) -> None:
    forms = [f"{year}-{month:02d}", f"{year}{month:02d}", f"{year}/{month}", f"{year}年{month}月",
             f"{year}.{month:02d}", f"{year}-{month:02d}-01", f"{year}{month:02d}01",
             f"{year}-{month:02d}-01 00:00:00", f"{year}{month:02d}.0"]  # fmt: skip
    done = dates.to_month(series(*forms, None))
    assert done.values.to_list() == [date(year, month, 1)] * len(forms) + [None]


@given(st.integers(1991, 2034), st.integers(1, 12))
def test_months_as_excel_counts_days(year: int, month: int) -> None:
    number = (date(year, month, 1) - date(1899, 12, 30)).days
    done = dates.to_month(series(str(number), f"{number}.0", str(number + 1)))
    assert done.values.to_list() == [date(year, month, 1)] * 2 + [None]


@pytest.mark.parametrize(
    "text",
    [
        "20181",
        "2018011",
        "2018",
        "2018-13",
        "2018-03-01 08:00:00",
        "18-03",
        "2018-03-15",
        "201800",
        "三月",
    ],
)
def test_no_month_is_guessed(text: str) -> None:
    done = dates.to_month(series(text))
    assert (done.values[0], list(done.problems)) == (None, ["R-VAL-20"])


@given(st.decimals(-(10**14) + 1, 10**14 - 1, places=6, allow_nan=False, allow_infinity=False))
def test_decimals_are_never_rounded(number: Decimal) -> None:
    text = f"{number:f}"
    forms = [text, text + "000", text if text.startswith("-") else "+" + text, f"{number:,f}"]
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    done = plainvalues.to_decimal(series(*forms, wide, text.replace("-", "－")))
    assert done.values.to_list() == [number] * 6
    assert done.problems == {}


@settings(max_examples=300)
@given(st.text("0123456789.,+-eE ٠٣万%", max_size=24))
@example("0.1234567")
@example("1e5")
@example("0.0.")
@example("1,23")
@example("1,2345")
@example("٣٣")
@example("123456789012345")
def test_what_is_no_number_is_never_a_number(text: str) -> None:
    done = plainvalues.to_decimal(series(text))
    told = done.values[0]
    assert (told is None) == ("R-VAL-03" in done.problems)
    if told is not None:
        plain = "".join(text.split()).replace(",", "")
        assert re.fullmatch(r"[+-]?[0-9]+\.?[0-9]*", plain)
        assert told == Decimal(plain.rstrip("."))
        assert re.fullmatch(r"[^,]*|[+-]?\d{1,3}(,\d{3})+(\.\d*)?", "".join(text.split()))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "1"), ("男", "1"), ("男性", "1"), ("1-男", "1"), ("1 男性", "1"), ("１", "1"),
        ("1:女", None), ("1.0", "1"), ("3", None), ("人", None), ("01", None),
    ],
)  # fmt: skip
def test_sex_codes(text: str, code: str | None) -> None:
    done = plainvalues.to_code(series(text), column(HOUSEHOLD, "sex_code"), "sex", CONTEXT)
    assert done.values.to_list() == [code]
    assert ("R-CODE-02" in done.problems) == (code is None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "01"), ("01", "01"), ("汉", "01"), ("汉族", "01"), ("01-汉族", "01"), ("HA", "01"),
     ("1汉", None), ("99", None), ("回族", "03"), ("03|汉族", None)],
)  # fmt: skip
def test_ethnic_codes_and_lost_zeros(text: str, code: str | None) -> None:
    done = plainvalues.to_code(series(text), column(HOUSEHOLD, "ethnic_code"), "ethnic", CONTEXT)
    assert done.values.to_list() == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [("户主", "02"), ("02-户主", "02"), ("02", "02"), ("本人", "0"), ("0-本人", "0"),
     ("01-本人", "01"), ("02-本人", None), ("1 配偶", "1")],
)  # fmt: skip
def test_a_name_beside_a_code_is_that_codes_own(text: str, code: str | None) -> None:
    assert plainvalues.find_code(CATALOG, "household_relation", text, 0) == code


def test_a_word_for_nothing_that_a_code_list_knows_is_its_code() -> None:
    told = column(HOUSEHOLD, "sex_code")
    done = plainvalues.to_code(clean(pl.Series(["未知"]), told), told, "sex", CONTEXT)
    assert done.values.to_list() == ["0"]
    assert clean(pl.Series(["未知"]), column(HOUSEHOLD, "ethnic_code")).values.to_list() == [None]


@pytest.mark.parametrize("name", ["ethnic", "marital_status", "education", "sex", "industry"])
def test_every_code_and_every_unambiguous_name_is_found(name: str) -> None:
    codes = CATALOG.code_list(name)
    for code in codes.codes:
        assert plainvalues.find_code(CATALOG, name, code, 0) == code
    for text, code in codes.by_name.items():
        if text not in codes.codes:
            assert plainvalues.find_code(CATALOG, name, text, 0) == code


@pytest.mark.parametrize(
    ("text", "scope", "code", "rule"),
    [
        ("610204000000", "tongchuan", "610204", None), ("610204", "tongchuan", "610204", None),
        ("610202001000", "tongchuan", "610202001", None),
        ("６１０２０４", "national", "610204", None),
        ("610204.0", "tongchuan", "610204", None), ("110103", "national", "110103", None),
        ("110101", "tongchuan", None, "R-DIV-02"), ("610201", "tongchuan", None, "R-DIV-03"),
        ("999999", "national", None, "R-DIV-01"), ("61020", "national", None, "R-DIV-01"),
        ("610202999", "national", None, "R-DIV-01"), ("王益区", "national", None, "R-DIV-01"),
        ("110101999999", "national", "110101999999", None),
        ("610202001999", "township", "610202001999", None),
        ("610202999001", "township", None, "R-DIV-02"), ("999999", "township", None, "R-DIV-01"),
        ("610205000000", "city_form", "610205", None), ("612633", "city_form", "612633", None),
        ("110101", "city_form", None, "R-DIV-02"), ("610201", "city_form", None, "R-DIV-03"),
        ("610000000000", "form", "610000", None), ("6100", "form", None, "R-DIV-01"),
    ],
)  # fmt: skip
def test_divisions(text: str, scope: str, code: str | None, rule: str | None) -> None:
    done = textrules.to_division(series(text), scope, CONTEXT)
    assert done.values.to_list() == [code]
    assert list(done.problems) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        ("王小明", "王小明", None), ("王 明", "王明", None), ("欧阳 小 明", "欧阳小明", None),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提", None), ("古丽 · 江", "古丽·江", None),
        ("John  Smith", "John Smith", None), ("王\ue123", "王\ue123", None),
        ("王*", None, "R-VAL-17"), ("王某", None, "R-VAL-17"), ("张×", None, "R-VAL-17"),
        ("12345", None, "R-VAL-16"), ("王1", None, "R-VAL-16"), ("王;", None, "R-VAL-16"),
    ],
)  # fmt: skip
def test_names(text: str, name: str | None, rule: str | None) -> None:
    done = textrules.to_person_name(series(text))
    assert done.values.to_list() == [name]
    assert list(done.problems) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("text", "number"),
    [("13912345678", "13912345678"), ("+86 139-1234-5678", "13912345678"),
     ("008613912345678", "13912345678"), ("12345678901", None), ("1391234567", None),
     ("١٣٩١٢٣٤٥٦٧٨", None), ("1٣912345678", None)],
)  # fmt: skip
def test_mobiles(text: str, number: str | None) -> None:
    assert textrules.to_mobile(series(text)).values.to_list() == [number]


@pytest.mark.parametrize(
    ("text", "value"),
    [(" 王 ", "王"), ('="0123"', "0123"), ("'0123", "0123"), ("\u200b王\ufeff", "王"),
     ("　王　", "王"), ("NULL", None), ("暂无", None), ("#N/A", None), ("-", None),
     ("a\tb", "a b"), ("a\u00a0b", "a b"), ("a\x07b", None), ("#REF!", None)],
)  # fmt: skip
def test_clean(text: str, value: str | None) -> None:
    done = clean(pl.Series("v", [text]), column(HOUSEHOLD, "employer_name"))
    assert done.values.to_list() == [value]


def test_empty_cells_take_the_default() -> None:
    done = clean(
        pl.Series("v", ["", None, "护照"]), column(ENTERPRISE, "legal_representative_id_type")
    )
    assert done.values.to_list() == ["居民身份证", "居民身份证", "护照"]


@pytest.mark.parametrize(("extract", "name"), [
    (HOUSEHOLD, "resident_id"), (HOUSEHOLD, "ethnic_code"), (PERMIT, "valid_to"),
    (ENTERPRISE, "registered_capital"), (HOUSEHOLD, "registered_division_code"),
])  # fmt: skip
def test_few_distinct_values_are_judged_as_each_alone(extract: str, name: str) -> None:
    """Big columns are evaluated on their distinct values: the result must be the same."""
    some = [
        None,
        "",
        "01",
        "长期",
        "2018-01-01",
        "610203",
        "610203198001010019",
        "1e5",
        "无",
        "王*",
    ]
    chosen = np.random.default_rng(7).choice(np.array(some, object), _SAMPLE * 2)
    raw = pl.Series("v", chosen.tolist(), dtype=pl.String)
    wanted = column(extract, name)
    quick, slow = evaluate_column(raw, wanted, CONTEXT), _evaluate(raw, wanted, CONTEXT)
    assert quick.values.to_list() == slow.values.to_list()
    assert {r: m.tolist() for r, m in quick.problems.items()} == {
        r: m.tolist() for r, m in slow.problems.items()
    }
    assert (quick.is_long_term is None) == (slow.is_long_term is None)
    if quick.is_long_term is not None and slow.is_long_term is not None:
        assert quick.is_long_term.tolist() == slow.is_long_term.tolist()


@pytest.mark.parametrize(
    ("extract", "name"),
    [(HOUSEHOLD, "former_name"), (HOUSEHOLD, "status_date"), (PERMIT, "valid_to")],
)
def test_columns_that_are_mostly_empty_are_judged_alike(extract: str, name: str) -> None:
    some = [
        None,
        None,
        None,
        None,
        "",
        " 王小明",
        "王*",
        "2018-03-01",
        "2018/3/1",
        "长期",
        "9999-12-31",
    ]
    chosen = np.random.default_rng(8).choice(np.array(some, object), _SAMPLE * 2)
    chosen[: _SAMPLE + 1] = None
    raw = pl.Series("v", chosen.tolist(), dtype=pl.String)
    wanted = column(extract, name)
    quick, slow = evaluate_column(raw, wanted, CONTEXT), _evaluate(raw, wanted, CONTEXT)
    assert quick.values.equals(slow.values, null_equal=True, check_dtypes=True)
    assert {r: m.tolist() for r, m in quick.problems.items()} == {
        r: m.tolist() for r, m in slow.problems.items()
    }
    assert (quick.is_long_term is None) == (slow.is_long_term is None)
    if quick.is_long_term is not None and slow.is_long_term is not None:
        assert quick.is_long_term.tolist() == slow.is_long_term.tolist()


def _read(text: str, form: str) -> datetime | None:
    try:
        found = datetime.strptime(text, form)
    except ValueError:
        return None
    return found if found.strftime(form).zfill(len(text)) == text and found.year >= 1000 else None


_NEARLY_DAYS = (
    st.dates(date(1000, 1, 1)).map(date.isoformat)
    | st.text("0123- 9/", min_size=9, max_size=11)
    | st.from_regex(r"[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]", fullmatch=True)
)
_NEARLY_TIMES = st.datetimes(datetime(1000, 1, 1)).map(
    lambda t: t.isoformat(" ", "seconds")
) | st.from_regex(
    r"20[0-2][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True
)


@given(st.lists(_NEARLY_DAYS))
@example(["1900-02-29", "2000-02-29", "2100-02-29", "0999-12-31", "1000-01-01", "9999-12-31"])
def test_exact_dates_are_those_of_the_calendar(texts: list[str]) -> None:
    wanted = [None if (t := _read(text, "%Y-%m-%d")) is None else t.date() for text in texts]
    assert isodates.exact_dates(pl.Series(texts, dtype=pl.String)).to_list() == wanted


@given(st.lists(_NEARLY_TIMES))
@example(["2018-03-31 23:59:60", "2018-03-31 24:00:00", "2018-03-31T10:00:00"])
@example(["1969-12-31 23:59:59"])
def test_exact_times_are_those_of_the_clock(texts: list[str]) -> None:
    wanted = [_read(text, "%Y-%m-%d %H:%M:%S") for text in texts]
    assert isodates.exact_times(pl.Series(texts, dtype=pl.String)).to_list() == wanted


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), min_size=1))
def test_given_texts_are_kept_as_json(texts: list[str]) -> None:
    assert [json.loads(t) for t in _json_text(pl.Series(texts))] == texts


def test_blocks_of_rows_are_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates and numbers are read by blocks; where one ends changes nothing."""
    days = pl.Series(["2018-03-15", None, "2018-02-30", "15.3.2018", "1980-01-01", "", "长期"] * 3)
    times = days + " 08:00:31"
    numbers = pl.Series([resident_number(), None, "0" * 17, "x", resident_number(), "", "护照"] * 3)
    stated = isodates.exact_dates(days)

    def read() -> list[pl.Series]:
        other = pl.Series(pairs._row_by_row(pairs._other_day, stated, numbers))
        return [isodates.exact_dates(days), isodates.exact_times(times), other]

    whole = read()
    assert whole[0].null_count() == 15
    assert whole[2].any()
    monkeypatch.setattr(isodates, "_BLOCK", 4)
    monkeypatch.setattr(pairs, "_BLOCK", 4)
    for one, other in zip(whole, read(), strict=True):
        assert one.equals(other, null_equal=True, check_dtypes=True)
