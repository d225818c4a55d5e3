"""Planted exceedances of the three nights: found all, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from simulator.truth import load_exceedances
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey

KEY = ["uscc", "outlet_code", "factor_code", "observed_date"]


def _product(city, name: str, number: int) -> pl.DataFrame:
    path = city.root.published / "releases" / str(number) / f"environment.{name}.parquet"
    return pl.read_parquet(path)


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_planted_exceedances_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = load_exceedances(city.root, night)
    made = _product(city, "emission_exceedance", night)
    assert made.join(truth, on=KEY, how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert sure.height >= 2 * night
    found = sure.join(made, on=KEY, how="inner")
    assert found.height == sure.height
    assert (found["times_over"] > 0).all()
    strangers = found.filter(~pl.col("is_known"))
    assert set(strangers["link_status"]) <= {"法人库中没有"}
    # devices out of order and values at the limit are there, and are none
    all_days = _product(city, "emission_monitoring", night)
    assert all_days.filter(~pl.col("is_valid"), pl.col("concentration") > pl.col("limit_value"))\
        .height > 0  # fmt: skip
    assert all_days.filter(pl.col("concentration") == pl.col("limit_value")).height > 0


def test_polluters_of_the_register_are_its_entities(three_nights):
    city, _ = three_nights
    made = _product(city, "emission_monitoring", NIGHTS)
    entities = pl.read_parquet(
        city.root.published / "releases" / str(NIGHTS) / "legal_entity.legal_entity.parquet"
    )
    linked = made.filter(pl.col("entity_id").is_not_null())
    joined = linked.join(entities, on="entity_id", suffix="_known")
    assert joined.height == linked.height > 0
    assert (joined["uscc"] == joined["uscc_known"]).all()
    assert set(made["link_status"]) == {"已关联", "法人库中没有"}


def test_days_of_stations_and_of_the_city_are_released(three_nights):
    city, _ = three_nights
    days = _product(city, "air_quality_daily", NIGHTS)
    assert days.filter("is_city").height == NIGHTS + 2  # three days on the first night
    assert days.filter("is_city")["aqi"].null_count() == 0
    assert set(days.filter("is_city")["stations"]) == {4}
    classes = _product(city, "surface_water", NIGHTS)
    assert classes.height == 5
    assert classes["water_class"].null_count() == 0
