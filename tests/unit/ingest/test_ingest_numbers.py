"""Resident numbers, USCC, organisation codes, registration numbers, against other code."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from catalog import catalog
from ingest.clean import Context, Evaluated
from ingest.identity import birth_date_of, sex_of, to_resident_id, upgrade
from ingest.organisation import (
    byte_matrix,
    organisation_code_fits,
    registration_number_fits,
    to_registration_no,
    to_taxpayer_id,
    to_uscc,
)
from tests.unit.ingest.ingest_world import (
    organisation_code,
    registration_number,
    resident_number,
    uscc,
)

TODAY = date(2018, 3, 31)
CONTEXT = Context(catalog(), TODAY)
_DIVISIONS = st.sampled_from(["610203", "110101", "320106", "440305", "510104"])
_DAYS = st.dates(date(1900, 1, 1), TODAY)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident(values: list[str | None]) -> Evaluated:
    return to_resident_id(Evaluated(pl.Series("v", values, dtype=pl.String)), CONTEXT)


def codes(values: list[str], prefixes: tuple[str, ...] = ()) -> Evaluated:
    return to_uscc(Evaluated(pl.Series("v", values, dtype=pl.String)), CONTEXT, prefixes)


def rules(done: Evaluated) -> dict[str, list[bool]]:
    return {rule: mask.tolist() for rule, mask in done.problems.items()}


@given(_DIVISIONS, _DAYS, st.integers(0, 999), st.sampled_from("0123456789X"))
def test_resident_number_agrees_with_stdnum(
    division: str, born: date, order: int, check: str
) -> None:
    number = f"{division}{born:%Y%m%d}{order:03d}{check}"
    done = resident([number])
    is_right = ric.calc_check_digit(number) == check
    assert (done.values[0] == number) == is_right
    if not is_right:
        assert done.values[0] is None
        assert set(done.problems) <= {"R-ID-04", "R-ID-03"}


@given(st.text("0123456789X", min_size=18, max_size=18))
def test_no_number_passes_that_stdnum_refuses(number: str) -> None:
    if resident([number]).values[0] is not None:
        assert ric.calc_check_digit(number) == number[-1]
        assert ric.get_birth_date(number) <= TODAY


@given(_DIVISIONS, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 995))
def test_fifteen_digits_become_the_same_person(division: str, born: date, order: int) -> None:
    full = resident_number(division, f"{born:%Y%m%d}", f"{order:03d}")
    old = full[:6] + full[8:17]
    assert upgrade(pl.Series([old])).to_list() == [full]
    done = resident([old])
    assert done.values.to_list() == [full]
    assert rules(done) == {"R-ID-02": [True]}
    assert ric.calc_check_digit(full) == full[-1]


@given(_DIVISIONS, _DAYS, st.integers(0, 999))
def test_what_the_number_says(division: str, born: date, order: int) -> None:
    number = resident_number(division, f"{born:%Y%m%d}", f"{order:03d}")
    assert birth_date_of(pl.Series([number])).to_list() == [born]
    assert sex_of(pl.Series([number])).to_list() == ["1" if order % 2 else "2"]


@pytest.mark.parametrize(
    ("given_as", "rule"),
    [
        (" 610203198001010019", None), ("６１０２０３１９８００１０１００１９", None),
        ("610203-19800101-0019", None), ("'610203198001010019", None),
    ],
)  # fmt: skip
def test_forms_of_one_number(given_as: str, rule: str | None) -> None:
    number = resident_number()
    text = given_as.replace("610203198001010019", number).replace("0019", number[14:])
    text = text.replace("００１９", number[14:]).strip(" '")
    done = resident([text])
    assert done.values.to_list() == [number]
    assert done.problems == {}


def test_each_row_has_its_own_rule() -> None:
    good = resident_number()
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    done = resident(
        [good, None, wrong, "610203********0011", "6.10203E+17", good[:17], good[:6] + good[8:17],
         resident_number(born="19800230"), resident_number("199999"), good.lower()]
    )  # fmt: skip
    struck = {rule: [i for i, hit in enumerate(mask) if hit] for rule, mask in rules(done).items()}
    assert struck == {
        "R-ID-04": [2], "R-ID-07": [3], "R-ID-03": [4], "R-ID-08": [5], "R-ID-02": [6],
        "R-ID-05": [7], "R-ID-06": [8],
    }  # fmt: skip
    kept = [0, 6, 8, 9]
    assert [i for i, v in enumerate(done.values.to_list()) if v is not None] == kept


def test_a_column_ruined_by_excel_loses_those_that_pass_by_chance() -> None:
    chance = next(
        number
        for day in range(1, 29)
        for order in range(10)
        if (number := resident_number(born=f"198003{day:02d}", order=f"{order}00")).endswith("000")
    )
    ruined = [resident_number(born=f"198001{n:02d}")[:15] + "000" for n in range(1, 29)]
    done = resident([*ruined, chance])
    assert done.values[-1] is None
    assert done.problems["R-ID-03"][-1]
    assert resident([chance]).values.to_list() == [chance]


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8),
       st.sampled_from("0123456789X"))  # fmt: skip
def test_organisation_code_agrees_with_the_formula(body: str, check: str) -> None:
    fits = organisation_code_fits(byte_matrix(pl.Series([body + check]), 9))
    assert fits.tolist() == [organisation_code(body) == body + check]


@given(st.sampled_from(["11", "12", "51", "91", "92"]), st.sampled_from(["610203", "110101"]),
       st.text(_ALPHABET, min_size=9, max_size=9), st.sampled_from(_ALPHABET))  # fmt: skip
def test_uscc_agrees_with_stdnum(prefix: str, division: str, inner: str, check: str) -> None:
    code = prefix + division + inner + check
    assume(code != "0" * 17 + "X")
    assert (codes([code]).values[0] == code) == stdnum_uscc.is_valid(code)
    right = uscc(prefix, division, inner)
    assert stdnum_uscc.is_valid(right)
    assert codes([right.lower()]).values.to_list() == [right]


def test_uscc_kinds_that_stdnum_does_not_know() -> None:
    for prefix in ("A1", "N1", "Y1"):
        assert codes([uscc(prefix)]).values.to_list() == [uscc(prefix)]
        assert rules(codes([uscc(prefix)])) == {}
    assert rules(codes([uscc("91")], ("51", "52"))) == {"R-USCC-04": [True]}


def slow_registration_check(number: str) -> bool:
    """ISO 7064 MOD 11,10, one digit after the other."""
    product = 10
    for digit in number[:14]:
        total = (product + int(digit)) % 10
        product = (total if total != 0 else 10) * 2 % 11
    return (product + int(number[14])) % 10 == 1


@given(st.text("0123456789", min_size=15, max_size=15))
def test_registration_number_agrees_with_the_slow_way(number: str) -> None:
    fits = registration_number_fits(byte_matrix(pl.Series([number]), 15))
    assert fits.tolist() == [slow_registration_check(number)]
    assert slow_registration_check(registration_number(number[:14]))


def test_known_registration_number() -> None:
    done = to_registration_no(Evaluated(pl.Series(["110108000000016", "1101081000001", "12"])))
    assert done.values.to_list() == ["110108000000016", "1101081000001", None]
    assert rules(done) == {"R-REG-01": [False, False, True], "R-REG-02": [False, True, False]}


def test_taxpayer_numbers_of_every_form() -> None:
    good = [uscc(), "610203" + organisation_code("71234567"), resident_number() + "L1"]
    done = to_taxpayer_id(Evaluated(pl.Series([*good, "610203712345678", None])), CONTEXT)
    bad = good[1] != "610203712345678"
    assert done.values.to_list() == [*good, None if bad else good[1], None]
    assert rules(done) == {"R-TAX-01": [False, False, False, True, False]}


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=22)), min_size=1, max_size=30))
def test_no_text_breaks_any_identifier(values: list[str | None]) -> None:
    column = pl.Series("v", values, dtype=pl.String)
    for done in (
        to_resident_id(Evaluated(column), CONTEXT),
        to_uscc(Evaluated(column), CONTEXT),
        to_registration_no(Evaluated(column)),
        to_taxpayer_id(Evaluated(column), CONTEXT),
    ):
        assert len(done.values) == len(values)
        told = done.has_problem().tolist()
        for text, value, problem in zip(values, done.values.to_list(), told, strict=True):
            assert text is not None or (value is None and not problem)
            assert value is not None or problem or not text  # nothing is lost without a rule


@given(st.text("0123456789٠١٢٣٤٥٦٧٨٩", min_size=13, max_size=20))
def test_digits_of_other_scripts_are_no_digits(text: str) -> None:
    assume(not text.isascii())
    column = Evaluated(pl.Series([text, resident_number()]))
    done = to_resident_id(column, CONTEXT)
    assert done.values.to_list() == [None, resident_number()]
    assert to_registration_no(column).values[0] is None
    assert to_taxpayer_id(column, CONTEXT).values[0] is None


def test_born_on_the_business_date_and_the_day_after() -> None:
    born = [TODAY, TODAY + timedelta(days=1)]
    done = resident([resident_number(born=f"{day:%Y%m%d}") for day in born])
    assert [v is not None for v in done.values.to_list()] == [True, False]
    assert rules(done) == {"R-ID-05": [False, True]}
