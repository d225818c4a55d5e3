"""Statistics as the town publishes them: bulletins in both formats, releases, the truth."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import fastexcel
import polars as pl

from foundation.paths import DataRoot
from simulator.bulletin import NAMES
from simulator.economy import DIVISIONS
from simulator.statistics import BULLETIN, FISCAL, VALUES, statistics_nights
from simulator.town_nights import live
from simulator.truth import load_damage, load_nights, load_observations
from simulator.truth_economy import observations_at

_STEP = 10_000_000


def _bulletins(root: DataRoot) -> dict[str, list[list[list[str]]]]:
    """Cells of every sheet of every bulletin by file name, read without the project's reader."""
    found = {}
    for path in sorted((root.inbox / "statistics" / BULLETIN).iterdir()):
        book = fastexcel.read_excel(path.read_bytes())
        found[path.name] = [
            [
                [cell or "" for cell in row]
                for row in book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
                .to_polars()
                .iter_rows()
            ]
            for name in book.sheet_names
        ]
        assert book.sheet_names == list(NAMES.values())
    return found


def test_bulletins_come_in_both_formats_with_titles_headers_and_notes(clean_city) -> None:
    books = _bulletins(clean_city.root)
    assert [name.rpartition(".")[2] for name in books] == ["xls", "xlsx", "xls"]
    for sheets in books.values():
        assert len(sheets) == len(DIVISIONS)
        for sheet in sheets:
            assert "2018年1－2月" in sheet[0][0]
            assert sheet[1][4].startswith("（2018年3月")
            assert sheet[3][:3] == ["指  标", "计量\n单位", "总  量"]
            assert sheet[4][2:4] == ["本月", "1－本月累计"]
            assert sheet[-1][0].startswith("资料来源")
    texts = {cell for sheets in books.values() for sheet in sheets for row in sheet for cell in row}
    assert "…" in texts
    assert any(text.startswith("−") for text in texts)


def test_the_truth_names_the_right_lines_of_bulletins(damaged_city) -> None:
    books = _bulletins(damaged_city.root)
    hits = load_damage(damaged_city.root).filter(pl.col("extract") == BULLETIN)
    assert set(hits["outcome"]) == {"reject", "blank", "silent"}
    for hit in hits.iter_rows(named=True):
        sheet, row = divmod(hit["line"], _STEP)
        written = hit["written"] or ("" if hit["column"] == "unit" else "…")
        assert written in books[hit["file_name"]][sheet][row - 1], hit["damage"]
    files = [f for f in load_nights(damaged_city.root)["files"] if f["extract"] == BULLETIN]
    assert [f["encoding"] for f in files] == ["xls", "xlsx", "xls"]


def test_every_point_of_the_bulletin_has_three_releases(clean_city) -> None:
    told = load_observations(clean_city.root, 3)
    point = told.filter(
        pl.col("indicator_code") == "RETAIL", pl.col("division_code") == "610204",
        pl.col("period") == "2018-02", pl.col("value_kind") == "cumulative",
        pl.col("measure") == "level",
    )  # fmt: skip
    assert point["released_date"].to_list() == [date(2018, 3, 29 + n) for n in range(3)]
    assert point["hundredths"].n_unique() == 3
    assert told["is_fully_delivered"].all()
    keys = ["indicator_code", "division_code", "period", "value_kind", "measure", "released_date"]
    assert not told.select(keys).is_duplicated().any()


def test_cumulative_levels_never_fall_and_counties_add_up(clean_city) -> None:
    told = load_observations(clean_city.root, 1).filter(
        pl.col("value_kind") == "cumulative", pl.col("measure") == "level",
        pl.col("unit") != "上年同月=100",
    )  # fmt: skip
    last = told.sort("released_date").unique(
        ["indicator_code", "division_code", "period"], keep="last"
    )
    for _, year in last.group_by("indicator_code", "division_code", pl.col("period").str.head(4)):
        levels = year.sort("period")["hundredths"].to_list()
        assert all(a <= b for a, b in pairwise(levels))


def test_derived_months_are_marked_and_lack_the_first_two(clean_city) -> None:
    told = load_observations(clean_city.root, 1)
    derived = told.filter("is_derived", pl.col("indicator_code") == "RETAIL")
    assert derived["period"].to_list() == [f"2017-{month:02d}" for month in range(3, 13)]
    quarters = told.filter("is_derived", pl.col("indicator_code") == "GDP")
    assert {period[-2:] for period in quarters["period"]} == {"Q1", "Q2", "Q3", "Q4"}


def test_damaged_rows_leave_doubt(damaged_city, clean_city) -> None:
    sure = load_observations(damaged_city.root, 3)
    clean = load_observations(clean_city.root, 3)
    assert sure.drop("is_fully_delivered").equals(clean.drop("is_fully_delivered"))
    assert 0 < sure["is_fully_delivered"].not_().sum() < sure.height / 2


def test_a_month_later_everything_is_told_again() -> None:
    assert statistics_nights(BULLETIN, 35) == [1, 2, 3, 31, 32, 33]
    assert statistics_nights(VALUES, 35) == [1, 3, 31, 33]
    assert statistics_nights(FISCAL, 35) == [1, 31]
    town = live(200, seed=3, start=date(2018, 3, 29), nights=33)
    told = observations_at(town.statements, 33, set())
    quarter = told.filter(
        pl.col("indicator_code") == "GDP", pl.col("period") == "2018Q1",
        pl.col("division_code") == "610200", pl.col("measure") == "level",
    )  # fmt: skip
    for is_derived in (False, True):  # a first quarter alone is its total
        same = quarter.filter(pl.col("is_derived") == is_derived)
        assert same["released_date"].to_list() == [date(2018, 4, 28 + n) for n in range(3)]
    assert quarter["hundredths"].n_unique() == 3
