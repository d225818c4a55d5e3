"""Macro-economic statistics of the three nights: every release of every value against the truth."""

from __future__ import annotations

import polars as pl
import pytest

from simulator.truth import load_observations
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey

POINT = ["indicator_code", "division_code", "period", "value_kind", "measure"]


def _product(city, name: str, number: int) -> pl.DataFrame:
    return pl.read_parquet(city.root.published / "releases" / str(number) / f"{name}.parquet")


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_observations_equal_the_truth(three_nights, night):
    city, _ = three_nights
    truth = load_observations(city.root, night)
    made = _product(city, "macro_economy.observation", night)
    key = [*POINT, "released_date"]
    assert made.join(truth, on=key, how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert sure.height > truth.height / 2
    assert sure.height > 200
    joined = sure.join(made, on=key, how="inner", suffix="_made")
    assert joined.height == sure.height
    wanted = pl.col("hundredths").cast(pl.Decimal(38, 10)) / 100
    differs = (
        (pl.col("value") != wanted)
        | (pl.col("unit") != pl.col("unit_made"))
        | (pl.col("is_derived") != pl.col("is_derived_made"))
    )
    assert joined.filter(differs).is_empty()
    assert set(sure["is_derived"]) == {True, False}


def test_a_bulletin_revised_twice_has_three_vintages_and_the_newest_is_the_default(three_nights):
    city, _ = three_nights
    made = _product(city, "macro_economy.observation", NIGHTS)
    whole = made.filter(
        pl.col("extract") == "macro_economy/monthly_bulletin", pl.col("measure") == "level"
    ).filter((pl.len() == NIGHTS).over(POINT))
    assert whole.height > 60
    for _, point in whole.group_by(POINT):
        ordered = point.sort("released_date")
        assert ordered["revision_no"].to_list() == [1, 2, 3]
        assert ordered["is_latest"].to_list() == [False, False, True]
    latest = _product(city, "macro_economy.latest", NIGHTS)
    assert latest.height == made.filter("is_latest").height
    last = whole.filter("is_latest").join(latest, on=POINT, suffix="_latest")
    first = whole.filter(pl.col("revision_no") == 1).join(latest, on=POINT, suffix="_latest")
    assert (last["value"] == last["value_latest"]).all()
    assert (first["value"] == first["first_value"]).all()
    assert (latest["revision"] != 0).any()


def test_gdp_of_the_city_in_one_line(three_nights):
    city, _ = three_nights
    told = city.json(
        "sql",
        "SELECT period, first_value, first_released_date, value, last_released_date FROM "
        "macro_economy.latest WHERE indicator_code = 'GDP' AND division_code = '610200' "
        "AND measure = 'level' AND value_kind = 'cumulative' ORDER BY period",
    )
    truth = load_observations(city.root, NIGHTS).filter(
        pl.col("indicator_code") == "GDP", pl.col("division_code") == "610200",
        pl.col("measure") == "level", pl.col("value_kind") == "cumulative",
    )  # fmt: skip
    sure = truth.filter(pl.col("is_fully_delivered").all().over("period")).sort("released_date")
    assert sure["period"].n_unique() >= 4
    rows = {row[0]: row[1:] for row in told["rows"]}
    for (period,), point in sure.group_by("period"):
        first_value, first_date, value, last_date = rows[period]
        assert float(first_value) == point["hundredths"][0] / 100
        assert float(value) == point["hundredths"][-1] / 100
        assert [first_date, last_date] == [str(point["released_date"][i]) for i in (0, -1)]


def test_fiscal_totals_and_the_bulletin_agree(three_nights):
    city, _ = three_nights
    made = _product(city, "macro_economy.observation", NIGHTS)
    fiscal = made.filter(pl.col("extract") == "macro_economy/fiscal_monthly")
    assert fiscal.height > 5
    assert not fiscal["is_contradicted"].any()
    amounts = _product(city, "macro_economy.fiscal", NIGHTS)
    joined = fiscal.filter(pl.col("value_kind") == "cumulative").join(
        amounts, on=["division_code", "period", "released_date", "line"], suffix="_cny"
    )
    assert joined.height >= 3
    assert (joined["value"].cast(pl.Float64) * 1e8 - joined["cumulative_amount_cny"].cast(
        pl.Float64)).abs().max() < 0.01  # fmt: skip
