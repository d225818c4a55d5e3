"""Places of the simulated city against the truth: where addresses lie, which house a text means."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from simulator.truth import load_address_matches, load_addresses
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey


def _product(city, name: str) -> pl.DataFrame:
    number = (city.root.published / "CURRENT").read_text().strip()
    return pl.read_parquet(city.root.published / "releases" / number / f"{name}.parquet")


def test_addresses_lie_where_the_truth_says(three_nights):
    city, _ = three_nights
    truth = load_addresses(city.root, NIGHTS).filter("is_fully_delivered")
    shaped = _product(city, "geospatial.division_boundary")["division_code"].to_list()
    made = _product(city, "geospatial.standard_address")
    both = truth.join(made, on="address_code", suffix="_made", maintain_order="left")
    assert both.height == truth.height > 500
    # a boundary that went back to its department cannot tell the place
    both = both.filter(pl.col("located_division_code").is_in(shaped))
    assert both.height > 0.8 * truth.height
    assert both.filter(
        pl.col("located_division_code") != pl.col("located_division_code_made")
    ).is_empty()
    assert both.filter(
        pl.col("is_division_consistent") != pl.col("is_division_consistent_made")
    ).is_empty()
    assert 0 < both.filter(~pl.col("is_division_consistent")).height < 0.2 * both.height
    objected = _product(city, "geospatial.objection").filter(rule_id="R-GEO-51")["record_key"]
    wrong = made.filter(~pl.col("is_division_consistent"))["address_code"]
    assert set(objected) == set(wrong)


def test_addresses_mean_the_house_they_mean_or_none(three_nights):
    city, _ = three_nights
    truth = load_address_matches(city.root, NIGHTS)
    library = _product(city, "geospatial.standard_address")
    with duckdb.connect(str(city.root.warehouse), read_only=True) as connection:
        made = connection.execute(
            "SELECT address, stated_division_code, match_level, address_code AS matched "
            "FROM intermediate.int_geospatial__match_addresses"
        ).pl()
    both = truth.unique(["address", "division_code"]).join(
        made, left_on=["address", "division_code"],
        right_on=["address", "stated_division_code"], maintain_order="left",
    )  # fmt: skip
    assert both.height > 1000
    assert both.filter(pl.col("matched") != pl.col("address_code")).is_empty()
    assert both.filter(
        ~pl.col("level").eq("house_number"), pl.col("matched").is_not_null()
    ).is_empty()
    # The rest is what the library itself lacks, or states under another division.
    good = library.filter("is_division_consistent", status="在用")["address_code"].to_list()
    sure = both.filter(pl.col("level").eq("house_number"), pl.col("address_code").is_in(good))
    assert sure.height > 600
    assert sure["matched"].null_count() < 0.02 * sure.height


def test_persons_stand_where_their_house_does(three_nights):
    city, _ = three_nights
    persons = _product(city, "population.person")
    levels = set(persons["address_match_level"].drop_nulls())
    assert levels == {"house_number", "street", "village", "township", "none"}
    placed = persons.filter(pl.col("longitude").is_not_null())
    assert placed.height > 0.4 * persons.height
    spots = _product(city, "geospatial.standard_address").select("longitude", "latitude").unique()
    assert placed.join(spots, on=["longitude", "latitude"], how="anti").is_empty()


def test_divisions_in_force_are_the_list_of_2018(three_nights):
    city, _ = three_nights
    made = _product(city, "geospatial.division")
    assert {"610221", "612633"} <= set(made["division_code"])
    assert {"LOCAL-XQ"} < set(made["reporting_unit_code"])
    in_force = made.filter(pl.col("valid_to").is_null())
    assert in_force["division_code"].is_unique().all()
