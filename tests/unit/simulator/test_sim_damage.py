"""Every kind of damage breaks the rule it names, and only a good reader's patience otherwise."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from stdnum.cn import ric, uscc

from catalog import catalog
from simulator.damage import damaged
from simulator.damage.menu import menu
from simulator.damage.model import Cells
from simulator.damage.numbers_kinds import USCC
from simulator.habits import HABITS, habit_of
from simulator.randomness import stream
from simulator.town_nights import live
from simulator.truth import load_damage, load_persons
from simulator.writers import as_text


@pytest.fixture(scope="module")
def hits(damaged_city) -> pl.DataFrame:
    return load_damage(damaged_city.root)


def _written(hits: pl.DataFrame, *kinds: str) -> list[str]:
    found = hits.filter(pl.col("damage").is_in(kinds))["written"].to_list()
    assert found, f"no {kinds} in the city of the test"
    return found


def test_the_menu_covers_the_defects_of_the_domain_reference() -> None:
    rules = {entry.kind.rule_id for name in HABITS for entry in menu(name)}
    wanted = {
        *(f"R-ID-0{n}" for n in range(2, 10)), "R-ROW-01", "R-ROW-02", "R-ROW-03", "R-ROW-05",
        "R-VAL-01", "R-VAL-02", "R-VAL-04", "R-VAL-05", "R-VAL-06", "R-VAL-08", "R-VAL-09",
        "R-VAL-17", "R-VAL-18", "R-CODE-02", "R-POP-06", "R-POP-07", "R-USCC-02", "R-REG-01",
        "R-DIV-01", "R-DIV-02", "R-MAC-15",
    }  # fmt: skip
    assert wanted <= rules
    assert {rule for rule in rules if rule} <= set(catalog().rules)


def test_outcomes_follow_the_contract(hits: pl.DataFrame) -> None:
    for hit in hits.iter_rows(named=True):
        column = catalog().extracts[hit["extract"]].by_name[hit["column"]]
        if hit["damage"] == "duplicate_row":
            assert (hit["rule_id"], hit["outcome"]) == (None, "duplicate")
            continue
        if hit["rule_id"] is None:
            assert hit["outcome"] == "silent"
            assert hit["is_harmless"]
            continue
        severity = catalog().rules[hit["rule_id"]].severity
        wanted = {"reject": "reject", "warn": "warn"}.get(severity, column.on_fail)
        assert hit["outcome"] == wanted, hit["damage"]


def test_wrong_check_digits_are_only_that(hits: pl.DataFrame) -> None:
    for number in _written(hits, "id_check_digit"):
        assert len(number) == 18
        assert ric.calc_check_digit(number) != number[-1]
        assert not number.endswith("000")
        assert ric.get_birth_date(number) <= date(2018, 3, 31)


def test_numbers_ruined_by_excel_fail_their_check(hits: pl.DataFrame) -> None:
    for number in _written(hits, "id_last_zeros"):
        assert number.endswith("000")
        assert ric.calc_check_digit(number) != number[-1]


def test_impossible_dates_have_a_right_check_digit(hits: pl.DataFrame) -> None:
    for number in _written(hits, "id_impossible_date"):
        assert ric.calc_check_digit(number) == number[-1]
        with pytest.raises(ValueError, match=r"."):
            datetime.strptime(number[6:14], "%Y%m%d")


def test_divisions_that_never_existed_have_a_right_check_digit(hits: pl.DataFrame) -> None:
    known = catalog().code_list("division_history").codes
    for number in _written(hits, "id_division_never"):
        assert ric.calc_check_digit(number) == number[-1]
        assert number[:6] not in known
        assert ric.get_birth_date(number) <= date(2018, 3, 31)


def test_fifteen_digits_upgrade_to_the_real_person(damaged_city, hits: pl.DataFrame) -> None:
    real = set(load_persons(damaged_city.root, 3)["resident_id"].to_list())
    told = hits.filter(
        pl.col("damage") == "id_15_digits", pl.col("extract").str.starts_with("population")
    )["written"].to_list()
    assert told
    for number in told:
        longer = number[:6] + "19" + number[6:]
        assert longer + ric.calc_check_digit(longer + "0") in real


def test_reserved_sequences_have_fifteen_digits(hits: pl.DataFrame) -> None:
    for number in _written(hits, "id_reserved_sequence"):
        assert len(number) == 15
        assert number[12:] in {"996", "997", "998", "999"}


def test_wrong_social_credit_codes_keep_their_organisation_code() -> None:
    extract = "legal_entity/enterprise_registration"
    contract, habit = habit_of(extract)
    values = pl.Series(["91350100M000100Y43", ""])
    cells = Cells(values, pl.DataFrame({"uscc": values}), contract.by_name["uscc"], contract,
                  habit, stream(1, "t"), date(2018, 3, 29))  # fmt: skip
    wrong = USCC[0].forge(cells).to_list()
    assert wrong[1] is None
    assert wrong[0][:17] == "91350100M000100Y4"
    assert not uscc.is_valid(wrong[0])


def test_impossible_dates_are_no_dates(hits: pl.DataFrame) -> None:
    for told in _written(hits, "date_impossible"):
        with pytest.raises(ValueError, match=r"."):
            date.fromisoformat(told)


def test_codes_and_divisions_stand_in_no_list(hits: pl.DataFrame) -> None:
    for hit in hits.filter(pl.col("damage") == "code_unknown").iter_rows(named=True):
        column = catalog().extracts[hit["extract"]].by_name[hit["column"]]
        name = next(c.params["list"] for c in column.checks if c.kind == "in_code_list")
        codes = catalog().code_list(name)
        assert hit["written"] not in codes.codes
        assert hit["written"] not in codes.by_name
    known = catalog().code_list("division").codes | catalog().code_list("division_history").codes
    assert not known & set(_written(hits, "division_never"))
    elsewhere = set(_written(hits, "division_elsewhere"))
    assert elsewhere <= catalog().code_list("division_history").codes
    assert not any(code.startswith("6102") for code in elsewhere)


def test_names_of_codes_mean_the_code(hits: pl.DataFrame) -> None:
    told = hits.filter(pl.col("damage").is_in(["code_as_name", "code_and_name"]))
    assert told.height > 20
    for hit in told.iter_rows(named=True):
        column = catalog().extracts[hit["extract"]].by_name[hit["column"]]
        codes = catalog().code_list(
            next(c.params["list"] for c in column.checks if c.kind == "in_code_list")
        )
        if hit["damage"] == "code_as_name":
            assert hit["written"] in codes.by_name
        else:
            code, _, name = hit["written"].partition("-")
            assert codes.by_name[name] == code


def test_at_most_one_stray_quote_in_a_file(hits: pl.DataFrame) -> None:
    quotes = hits.filter(pl.col("damage") == "stray_quote")
    assert quotes.height > 0
    assert quotes.group_by("night", "extract", "file_name").len()["len"].max() == 1


def test_conflicting_rows_are_told_in_pairs() -> None:
    extract, day = "population/marriage_registration", date(2018, 3, 29)
    contract, habit = habit_of(extract)
    rows = as_text(contract, habit, live(20_000, 3, day, 1).books.table(extract))
    table, hits = damaged(contract, habit, rows, stream(1, "pairs"), rate=0.5, day=day)
    copies = hits.filter(pl.col("damage").is_in(["same_key_other_content", "duplicate_row"]))
    assert table.height == rows.height + copies["record_key"].n_unique()
    pairs = hits.filter(pl.col("damage") == "same_key_other_content")
    assert pairs.height >= 4
    for (key,), pair in pairs.group_by("record_key"):
        lines = pair["line"].to_list()
        told = table[[line - habit.first_line for line in lines]]
        assert set(told["registration_no"]) == {key}
        assert told["registry_name"].n_unique() == len(lines) == 2
    for key, line in hits.filter(pl.col("damage") == "duplicate_row")["record_key", "line"].rows():
        same = table.filter(pl.col("registration_no") == key)
        assert same.height == 2
        assert same.is_duplicated().all()
        assert table["registration_no"].index_of(key) < line - habit.first_line


def test_conflicts_are_never_made_where_the_newest_row_wins() -> None:
    for book in HABITS:
        contract, _ = habit_of(book)
        if contract.layout == "bulletin":  # its lines depend on their order
            continue
        kinds = {entry.kind.name for entry in menu(book)}
        is_incremental = contract.mode == "incremental"
        assert ("same_key_other_content" in kinds) != is_incremental


def test_deletions_are_never_damaged(hits: pl.DataFrame) -> None:
    assert hits.filter(pl.col("column") == "operation").is_empty()
