"""The book of the land office: parcels around houses, held by people and firms of the town."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from simulator import places
from simulator.arrays import Floats, Ints, ints
from simulator.firms import ENTERPRISE
from simulator.geography import shapes
from simulator.habits import HABITS
from simulator.randomness import choose, sample, stream
from simulator.territory import houses, located
from simulator.town import Town

PARCEL = "geospatial/land_parcel"
_LAYERS = HABITS[PARCEL].layers
_DECIMALS = 4  # metres
_ROOM = 0.0008  # degrees: villages with less room around their centre get no parcel
_PAIR = 0.35  # share of a person's parcels that are held by two


def parcel_nights(nights: int) -> list[int]:
    """Nights on which a list of parcels is delivered."""
    return [night for night in _LAYERS if night <= nights]


def parcels(town: Town) -> None:
    """The lists of parcels; the later one has a few more, and another coordinate system."""
    rng = stream(town.seed, "parcels")
    first = houses(town).filter(pl.col("night") == 1)["spot"]
    place = shapes().place
    codes = places.describe_spots(ints(first.to_numpy()))["division_code"].to_list()
    has_room = shapes().radius[[place[code] for code in codes]] > _ROOM
    spots = sample(rng, ints(first.to_numpy())[has_room], max(60, town.count // 40))
    size = len(spots)
    sides = (rng.integers(80, 300, size) / 10).round(1)
    table = _attributes(town, rng, spots, sides)
    fewer = np.sort(rng.permutation(size)[: size - max(2, size // 50)])
    for night, (_, system) in _LAYERS.items():
        told = table.with_columns(geometry=_squares(spots, sides, system))
        town.books.add(PARCEL, told[fewer] if night == 1 else told, night=night)


def _attributes(
    town: Town, rng: np.random.Generator, spots: Ints, sides: Floats
) -> pl.DataFrame:  # fmt: skip
    size = len(spots)
    parts = places.describe_spots(spots)
    is_urban = parts["street"].is_not_null()
    kind = pl.select(pl.when(is_urban).then(pl.lit("GB")).otherwise(pl.lit("JC"))).to_series()
    serial = pl.Series(np.arange(1, size + 1)).cast(pl.String).str.zfill(5)
    holders = _holders(town, rng, size)
    use = pl.when(is_urban & (holders["is_firm"])).then(pl.lit("0601")).when(is_urban)
    return holders.select(
        "_pid", "_pid2", "_eid", "right_holder_name", "right_holder_id",
        real_estate_unit_no=parts["division_code"] + kind + serial + "F00010001",
        land_use_code=use.then(pl.lit("0701")).otherwise(pl.lit("0702")),
        area_m2=pl.Series((sides**2).round(2)).cast(pl.Decimal(20, 2)).cast(pl.String),
        right_nature=pl.when(is_urban).then(choose(rng, ["出让", "划拨"], size))
        .otherwise(pl.lit("集体")),
    )  # fmt: skip


def _holders(town: Town, rng: np.random.Generator, size: int) -> pl.DataFrame:
    """People, pairs of people, and firms that have a code."""
    first, second = (rng.integers(0, town.residents, size) for _ in range(2))
    firms = town.books.table(ENTERPRISE).filter(
        pl.col("_night") == 1, pl.col("uscc").is_not_null(), pl.col("operation") == "I"
    )
    firm = firms[rng.integers(0, firms.height, size)]
    is_firm = rng.random(size) < 0.2
    is_pair = (rng.random(size) < _PAIR) & ~is_firm & (first != second)
    one, other = (town.people[who].select("name", "resident_id") for who in (first, second))
    mark = np.where(rng.random(size) < 0.5, "^", "、")
    frame = pl.DataFrame(
        {
            "is_firm": is_firm, "is_pair": is_pair, "mark": mark,
            "n1": one["name"], "i1": one["resident_id"],
            "n2": other["name"], "i2": other["resident_id"],
            "firm": firm["name"], "uscc": firm["uscc"],
            "_pid": np.where(is_firm, -1, first), "_pid2": np.where(is_pair, second, -1),
            "_eid": np.where(is_firm, firm["_eid"].to_numpy(), -1),
        }
    )  # fmt: skip
    return frame.with_columns(
        right_holder_name=pl.when("is_firm").then("firm")
        .when("is_pair").then(pl.col("n1") + pl.col("mark") + pl.col("n2")).otherwise("n1"),
        right_holder_id=pl.when("is_firm").then("uscc")
        .when("is_pair").then(pl.col("i1") + pl.col("mark") + pl.col("i2")).otherwise("i1"),
    )  # fmt: skip


def _squares(spots: Ints, sides: Floats, system: int) -> pl.Series:
    """Squares in metres of a projected system, around each house."""
    import pyproj
    import shapely

    x, y = located(spots)
    convert: Any = pyproj.Transformer.from_crs(4490, system, always_xy=True)
    east, north = convert.transform(x, y)
    east, north = np.round(east, 1), np.round(north, 1)
    half = sides / 2
    boxes = shapely.box(east - half, north - half, east + half, north + half)
    return pl.Series(list(shapely.to_wkt(boxes, rounding_precision=_DECIMALS)), dtype=pl.String)
