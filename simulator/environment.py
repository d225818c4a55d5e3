"""What the environment bureau measures: hours of air, months of rivers, days of polluters.

Every table has random streams of its own, so that no other book changes. Exceedances are planted:
a device in order above its limit. Beside them stand values at the limit, and far above it from
devices that are not in order, which are none.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from catalog import catalog
from simulator import numbers
from simulator.arrays import Ints, ints
from simulator.firms import ENTERPRISE
from simulator.randomness import sample, stream
from simulator.town import Town

AIR = "environment/air_quality_hourly"
WATER = "environment/surface_water"
EMISSION = "environment/emission_monitoring"
STATIONS = (("6102A1", "党校"), ("6102A2", "区政府"), ("6102A3", "管委会"), ("6102A4", "新区"))
_DAYS_OF_FIRST_NIGHT = 3
_HOUR_GAPS, _VALUE_GAPS = 0.03, 0.02
_TYPICAL = {"pm25": (60, 1), "pm10": (50, 1), "so2": (25, 1), "no2": (45, 1), "co": (11, 10),
            "o3": (80, 1)}  # fmt: skip
_SECTIONS = (("QS01", "金锁关", "漆水河", "Ⅱ"), ("QS02", "三里洞", "漆水河", "Ⅳ"),
             ("JS01", "柳林", "沮水河", "Ⅱ"), ("JS02", "岔口", "沮水河", "Ⅲ"),
             ("TQ01", "坝前", "桃曲坡水库", "Ⅱ"))  # fmt: skip
# item, unit, typical value in thousandths, thousandths below which nothing is detected
_ITEMS = (("pH值", "", 7600, 0), ("溶解氧", "mg/L", 7400, 0), ("高锰酸盐指数", "mg/L", 3500, 0),
          ("化学需氧量", "mg/L", 16000, 4000), ("五日生化需氧量", "mg/L", 2600, 500),
          ("氨氮", "mg/L", 420, 25), ("总磷", "mg/L", 90, 10), ("总氮", "mg/L", 4200, 50),
          ("铜", "μg/L", 2000, 1000), ("石油类", "mg/L", 20, 10))  # fmt: skip
_OUTLETS = (("DW001", ("w01018", "w21003")), ("DA001", ("a21026", "a21002", "a34013")))
_LIMITS = {"w01018": 50, "w21003": 5, "a21026": 35, "a21002": 50, "a34013": 10}
_POLLUTERS, _STRANGERS = 7, 2
_MONTHLY = 30


def water_nights(nights: int) -> list[int]:
    """The sections' samples come with the first night of each month of nights."""
    return [night for night in range(1, nights + 1) if (night - 1) % _MONTHLY == 0]


def measure(town: Town) -> None:
    """Write the three books, and the planted exceedances."""
    for night in range(1, town.books.nights + 1):
        _air(town, night)
    for night in water_nights(town.books.nights):
        _water(town, night)
    firms = _polluters(town)
    planted = [_emission(town, firms, night) for night in range(1, town.books.nights + 1)]
    town.exceedances = pl.concat(planted)


def _air(town: Town, night: int) -> None:
    """Hours 01:00 to 24:00 of the day before (on the first night, of three days)."""
    days = _DAYS_OF_FIRST_NIGHT if night == 1 else 1
    hours = ints(np.arange(1, 24 * days + 1))
    first = town.books.day(night) - timedelta(days=days)
    for place, (code, name) in enumerate(STATIONS):
        rng = stream(town.seed, "air", night, place)
        values, fine = {}, np.zeros(len(hours), dtype=np.int64)
        for column, (typical, divisor) in _TYPICAL.items():
            drawn = rng.gamma(4, typical / 4, len(hours)).astype(np.int64) + 1
            if column == "pm10":  # the fine particles are among the coarse ones
                drawn += fine
            elif column == "pm25":
                fine = drawn
            values[column] = _texts(rng, drawn, divisor)
        table = pl.DataFrame({"_hour": hours, **values}).with_columns(
            station_code=pl.lit(code),
            station_name=pl.lit(name),
            observed_at=pl.lit(first).cast(pl.Datetime("us")) + pl.duration(hours="_hour"),
        )
        kept = pl.Series(rng.random(len(hours)) >= _HOUR_GAPS)
        town.books.add(AIR, table.filter(kept), night=night)


def _texts(rng: np.random.Generator, values: Ints, divisor: int) -> pl.Series:
    """Whole numbers of a tenth or of one as text, some of them missing."""
    told = pl.Series(values)
    written = (
        told.cast(pl.String)
        if divisor == 1
        else (told // divisor).cast(pl.String) + "." + (told % divisor).cast(pl.String)
    )
    return written.set(pl.Series(rng.random(len(values)) < _VALUE_GAPS), None)


def _water(town: Town, night: int) -> None:
    """One value of each item at each section, for the month before."""
    month = (town.books.day(night).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    rng = stream(town.seed, "water", night)
    rows = []
    for code, section, river, target in _SECTIONS:
        for item, unit, typical, least in _ITEMS:
            swing = (0.9 + 0.2 * rng.random()) if item == "pH值" else 0.4 + 1.4 * rng.random()
            value = int(typical * swing)
            is_below = value < least
            number = f"{(least if is_below else value) / 1000:.3f}"
            told = number + "L" if is_below else number
            rows.append((code, section, river, month, item, told, unit, target))
    names = [column.name for column in catalog().extracts[WATER].columns]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    town.books.add(WATER, table, night=night)


def _polluters(town: Town) -> pl.DataFrame:
    """Firms of the register that stand and have a code, and some that no register knows."""
    rng = stream(town.seed, "polluters")
    book = town.books.table(ENTERPRISE)
    known = book.filter(
        pl.col("_night") == 1, pl.col("registration_status_code") == "1",
        pl.col("uscc").str.starts_with("91"),
    )  # fmt: skip
    chosen = known[sample(rng, ints(np.arange(known.height)), _POLLUTERS)]
    closed = book.filter(
        pl.col("_night") == 1, pl.col("registration_status_code") == "3",
        pl.col("uscc").str.starts_with("91"), pl.col("closed_date").is_not_null(),
    )  # fmt: skip
    chosen = pl.concat([chosen, closed.tail(1)])
    index = ints(np.arange(_STRANGERS)) + 20_000_000
    bodies = numbers.organisation_bodies(index, np.ones(_STRANGERS, dtype=np.bool_))
    strangers = numbers.usccs(
        pl.Series(["91"] * _STRANGERS),
        ints([610100] * _STRANGERS),
        numbers.organisation_codes(bodies),
    )
    names = [f"西安外来{n}号有限公司" for n in range(1, _STRANGERS + 1)]
    return pl.concat(
        [
            chosen.select("uscc", entity_name="name", is_known=pl.lit(True)),
            pl.DataFrame({"uscc": strangers, "entity_name": names, "is_known": False}),
        ]
    )


def _emission(town: Town, firms: pl.DataFrame, night: int) -> pl.DataFrame:
    """The day before at every outlet; returns what is above its limit."""
    day = town.books.day(night) - timedelta(days=1)
    rng = stream(town.seed, "emission", night)
    points = pl.DataFrame(
        [(o, f, _LIMITS[f]) for o, factors in _OUTLETS for f in factors],
        schema={"outlet_code": pl.String, "factor_code": pl.String, "limit": pl.Int64},
        orient="row",
    )
    rows = firms.join(points, how="cross")
    draw = rng.random(rows.height)
    share = np.select(
        [draw < 0.08, draw < 0.12, draw < 0.18],
        [rng.integers(101, 240, rows.height), 100, rng.integers(200, 900, rows.height)],
        rng.integers(5, 95, rows.height),
    )
    broken = pl.Series((draw >= 0.12) & (draw < 0.18))
    hundredths = pl.Series(share) * rows["limit"]
    table = rows.with_columns(
        observed_date=pl.lit(day),
        concentration=(hundredths // 100).cast(pl.String)
        + "."
        + (hundredths % 100).cast(pl.String).str.zfill(2),
        limit_value=pl.col("limit").cast(pl.String),
        flow=pl.Series(rng.integers(100, 5000, rows.height)).cast(pl.String),
        device_status=pl.select(
            pl.when(broken).then(_out_of_order(rng, rows.height)).otherwise(pl.lit("正常"))
        ).to_series(),
    )
    town.books.add(EMISSION, table, night=night)
    planted = pl.Series(share > 100) & ~broken
    return table.filter(planted).select(
        "uscc", "outlet_code", "factor_code", "observed_date", "is_known",
        pl.lit(night, dtype=pl.Int64).alias("night"),
    )  # fmt: skip


def _out_of_order(rng: np.random.Generator, size: int) -> pl.Series:
    """States of a device that is not in order."""
    return pl.Series(["校准", "故障", "停运"]).gather(rng.integers(0, 3, size))
