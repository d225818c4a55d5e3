"""The books of the statistics and surveying offices: divisions, borders, standard addresses."""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog import catalog
from simulator import places
from simulator.arrays import Floats, Ints, ints
from simulator.geography import shapes
from simulator.randomness import stream
from simulator.taxpayers import tax_nights
from simulator.town import Town

DIVISION = "geospatial/division"
BOUNDARY = "geospatial/division_boundary"
ADDRESS = "geospatial/standard_address"
DECIMALS = 9
_LEVELS = {"prefecture": "市", "county": "县区", "town": "乡镇街道", "village": "村社区"}
# The list of 2023 comes on the fifth night, so that a short simulation shows re-used codes.
_LISTS = {1: "2018", 5: "2023"}
_ABSENT = 20  # one house in so many stands in no library yet
_ASTRAY = 97  # one in so many is written down under another village


def division_nights(nights: int) -> list[int]:
    """Nights on which the yearly list of divisions is delivered."""
    return [night for night in _LISTS if night <= nights]


def first_night_only(_: int) -> list[int]:
    """Borders are delivered once: their year is longer than any simulation."""
    return [1]


def divisions(town: Town) -> None:
    """The lists of 2018 and 2023; no row says since when it is valid."""
    for night, name in _LISTS.items():
        rows = [
            r for r in catalog().code_list("division").rows
            if r["first_list"] <= name <= r["last_list"]
        ]  # fmt: skip
        table = pl.DataFrame(rows).sort("code")
        is_urban = pl.col("code").str.slice(9, 1) == "0"
        kind = pl.when(pl.col("level") != "village").then(None).when(is_urban).then(pl.lit("111"))
        written = table.select(
            division_code=pl.col("code").str.pad_end(12, "0"),
            name="name",
            level=pl.col("level").replace_strict(_LEVELS),
            parent_code=pl.col("parent").str.pad_end(12, "0"),
            urban_rural_code=kind.otherwise(pl.lit("220")),
        )
        town.books.add(DIVISION, written, night=night)


def borders(town: Town) -> None:
    """The borders of every division of the list of 2018."""
    import shapely

    told = shapes()
    rows = pl.DataFrame(
        {
            "division_code": [row["code"] for row in told.rows],
            "name": [row["name"] for row in told.rows],
            "geometry": list(shapely.to_wkt(told.polygons, rounding_precision=DECIMALS)),
        }
    )
    town.books.add(BOUNDARY, rows, night=1)


def located(spots: Ints) -> tuple[Floats, Floats]:
    """Longitude and latitude of houses: in a disc that lies inside their village's cell."""
    told, place = shapes(), shapes().place
    codes = places.describe_spots(spots)["division_code"].to_list()
    at = ints([place[code] for code in codes])
    rest = spots % (places.WAYS * places.HOUSE_STEP)
    angle = rest * 2.399963229728653  # the golden angle spreads neighbours
    away = np.sqrt((rest * 7919 % 1000 + 1) / 1001) * told.radius[at]
    x = told.centres[at, 0] + away * np.cos(angle)
    y = told.centres[at, 1] + away * np.sin(angle)
    return x.round(DECIMALS), y.round(DECIMALS)


def address_codes(spots: pl.Series) -> pl.Series:
    """The code of each house in the library."""
    codes = places.describe_spots(ints(spots.to_numpy()))["division_code"]
    rest = spots % (places.WAYS * places.HOUSE_STEP)
    return "DZ" + codes + rest.cast(pl.String).str.zfill(6)


def is_listed(spots: pl.Series) -> pl.Series:
    """Whether a house stands in the library."""
    return spots * 48271 % 2147483647 % _ABSENT != 0


def houses(town: Town) -> pl.DataFrame:
    """Every house that some address means: `spot` and the night on which it is first needed."""
    meant = pl.concat(town.books.meant)
    return meant.group_by("spot").agg(night=pl.col("_night").min()).sort("spot")


def standard_addresses(town: Town) -> None:
    """The weekly increments of the address library: houses that are new since the last one."""
    wanted = houses(town)
    wanted = wanted.filter(is_listed(wanted["spot"]))
    last = 0
    for night in tax_nights(town.books.nights):
        new = wanted.filter(pl.col("night") > last, pl.col("night") <= night)
        spots = ints(new["spot"].to_numpy())
        x, y = located(spots)
        parts = places.describe_spots(spots).with_columns(
            address_code=address_codes(new["spot"]),
            longitude=pl.Series(x).round(DECIMALS).cast(pl.Decimal(20, DECIMALS)).cast(pl.String),
            latitude=pl.Series(y).round(DECIMALS).cast(pl.Decimal(20, DECIMALS)).cast(pl.String),
            coordinate_system=pl.when(pl.col("spot") % 5 == 0)
            .then(pl.lit("WGS84")).otherwise(pl.lit("CGCS2000")),
            division_code=stated_divisions(new["spot"]),
            status=pl.lit("在用"),
            operation=pl.lit("I"),
            updated_at=_times(town, spots, night),
        )  # fmt: skip
        town.books.add(ADDRESS, parts, night=night)
        last = night


def stated_divisions(spots: pl.Series) -> pl.Series:
    """The village that the library states for each house: now and then a wrong one."""
    rows = spots // (places.WAYS * places.HOUSE_STEP)
    count = places.villages().table.height
    stated = (rows + (spots % _ASTRAY == 0).cast(pl.Int64) * (count // 2)) % count
    return places.villages().table["code"].gather(stated)


def _times(town: Town, spots: Ints, night: int) -> pl.Series:
    rng = stream(town.seed, "address-times", night)
    return town.times(rng, np.full(len(spots), night))


def surveyed(town: Town) -> None:
    """Everything that the two offices write."""
    divisions(town)
    borders(town)
    standard_addresses(town)
