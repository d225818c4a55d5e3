"""Longitude and latitude in columns → CGCS2000 degrees, with the system that a third column names.

GCJ-02 and BD-09 are undone by iteration (`foundation.mapshift`), Xi'an 1980 as far as it can be
(`ingest.systems`). Converted values are said so (R-GEO-13), which keeps the given ones in
`as_given`. Local systems are secret-related and not accepted (domain reference §4.3).
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt
import polars as pl

from foundation import mapshift
from ingest.clean import Bools, Context, Evaluated, as_bools, half_width, replace_at, scatter_bools

Floats = npt.NDArray[np.float64]

SCALE = 9  # decimals of a degree: a tenth of a millimetre
_TYPE = pl.Decimal(20, SCALE)
_NUMBER = r"^[+-]?[0-9]{1,9}(\.[0-9]*)?$"
_DMS = (
    r"^(?:东经|北纬|[EN])?([0-9]{1,3})[°º度D:]([0-9]{1,2})(?:['’′`‘分:])"
    r"(?:([0-9]{1,2}(?:\.[0-9]+)?)(?:''|’’|′′|[\"”″“秒])?)?[EN]?$"
)
_MARKED = r"^(?:东经|北纬|[EN])?([0-9]{1,3}(?:\.[0-9]+)?)[°º度]?[EN]?$"
_SYSTEMS = {
    "CGCS2000": ("CGCS2000", "国家2000", "2000国家大地坐标系", "CGCS2000坐标系", "CGCS-2000",
                 "EPSG:4490", "4490", "大地2000"),
    "WGS84": ("WGS84", "WGS-84", "WGS1984", "WGS_1984", "EPSG:4326", "4326", "GPS"),
    "GCJ02": ("GCJ02", "GCJ-02", "GCJ_02", "火星坐标", "火星坐标系", "国测局坐标", "高德", "腾讯"),
    "BD09": ("BD09", "BD-09", "BD_09", "BD09LL", "百度", "百度坐标", "百度坐标系"),
    "XIAN80": ("XIAN80", "XIAN-80", "XIAN1980", "西安80", "西安80坐标系", "1980西安坐标系",
               "EPSG:4610", "4610"),
}  # fmt: skip
_BY_NAME = {name: system for system, names in _SYSTEMS.items() for name in names}
_LOCAL = re.compile(r"地方|独立|城建|城市坐标|LOCAL|自定义|假定|工程坐标|西安市|铜川")
# metres: eastings with one of China's zones before them (6°: 13-23, 3°: 24-45), and northings
_ZONED_EAST, _NORTH = (13_000_000.0, 46_000_000.0), (1_500_000.0, 6_500_000.0)


def to_degrees(cleaned: Evaluated) -> Evaluated:
    """Text → degrees, rounded to nine decimals (R-VAL-03); 108°34′12″ is read (R-GEO-14)."""
    text = cleaned.values
    numbers = _floats(text, _NUMBER)
    done = Evaluated(text, dict(cleaned.problems))
    spots = np.flatnonzero(as_bools(text.is_not_null() & numbers.is_null()))
    if len(spots):
        some = text.gather(spots).str.normalize("NFKC").str.to_uppercase()
        apart = some.str.contains(r"[0-9.]\s+[0-9.]")  # 108 34 12 is not one number
        some = pl.select(pl.when(~apart).then(half_width(some)).otherwise(some)).to_series()
        plain = _floats(some, _NUMBER).fill_null(_floats(some.str.replace(_MARKED, "$1"), _NUMBER))
        sexagesimal = _from_sexagesimal(some)
        numbers = replace_at(numbers, spots, plain.fill_null(sexagesimal))
        was_dms = as_bools(plain.is_null() & sexagesimal.is_not_null())
        bad = as_bools(plain.is_null() & sexagesimal.is_null())
        done.add("R-GEO-14", scatter_bools(len(text), spots, was_dms))
        done.add("R-VAL-03", scatter_bools(len(text), spots, bad))
    done.values = _decimal(numbers)
    return done


def _floats(text: pl.Series, pattern: str) -> pl.Series:
    fits = text.str.contains(pattern)
    picked = pl.select(pl.when(fits).then(text).otherwise(None)).to_series()
    return picked.cast(pl.Float64, strict=False)


def _decimal(numbers: pl.Series) -> pl.Series:
    return numbers.round(SCALE).cast(_TYPE)


def _from_sexagesimal(text: pl.Series) -> pl.Series:
    parts = pl.DataFrame({"p": text.str.extract_groups(_DMS)}).unnest("p")
    degrees, minutes, seconds = (parts[:, i].cast(pl.Float64, strict=False) for i in range(3))
    seconds = seconds.fill_null(0.0)
    value = degrees + minutes / 60 + seconds / 3600
    fits = (minutes < 60) & (seconds < 60)
    return pl.select(pl.when(fits).then(value).otherwise(None)).to_series()


def to_system(cleaned: Evaluated) -> Evaluated:
    """Text → CGCS2000, WGS84, GCJ02, BD09 or XIAN80; local systems under R-GEO-15."""
    text = cleaned.values
    distinct = text.unique().drop_nulls().to_list()
    folded = {value: unicodedata.normalize("NFKC", value).upper() for value in distinct}
    found = {value: _BY_NAME.get("".join(name.split())) for value, name in folded.items()}
    local = [v for v in distinct if found[v] is None and _LOCAL.search(folded[v])]
    other = [v for v in distinct if found[v] is None and v not in set(local)]
    values = text.replace_strict(
        distinct, [found[v] for v in distinct], default=None, return_dtype=pl.String
    )
    done = Evaluated(values, dict(cleaned.problems))
    done.add("R-GEO-15", as_bools(text.is_in(local)))
    done.add("R-VAL-06", as_bools(text.is_in(other)))
    return done


def place(longitude: Evaluated, latitude: Evaluated, system: pl.Series, context: Context) -> None:
    """Convert both columns in place; what is not in the city goes under R-GEO-06 … R-GEO-08."""
    both = longitude.values.is_not_null() & latitude.values.is_not_null()
    spots = np.flatnonzero(as_bools(both & system.is_not_null()))
    if not len(spots):
        return
    size = len(system)
    given_x = longitude.values.gather(spots).cast(pl.Float64).to_numpy()
    given_y = latitude.values.gather(spots).cast(pl.Float64).to_numpy()
    named = system.gather(spots).to_numpy()
    x, y = _to_cgcs2000(given_x, given_y, named)
    box = context.catalog.geography.city_box
    bad_x, bad_y = ~_between(x, box.west, box.east), ~_between(y, box.south, box.north)
    other_x, other_y = _to_cgcs2000(given_y, given_x, named)
    away = bad_x | bad_y
    swapped = away & _between(other_x, box.west, box.east) & _between(other_y, box.south, box.north)
    prefixed = away & _is_prefixed(given_x, given_y)
    outside = away & ~swapped & ~prefixed
    latitude.add("R-GEO-06", scatter_bools(size, spots, prefixed))
    latitude.add("R-GEO-07", scatter_bools(size, spots, swapped))
    for column, new, is_bad in ((longitude, x, bad_x), (latitude, y, bad_y)):
        column.add("R-GEO-08", scatter_bools(size, spots, outside & is_bad))
        moved = ~away & np.isin(named, ["GCJ02", "BD09"])
        column.add("R-GEO-13", scatter_bools(size, spots, moved))
        column.add("R-GEO-18", scatter_bools(size, spots, ~away & (named == "XIAN80")))
        column.values = replace_at(
            column.values, spots[moved], _decimal(pl.Series(new[moved], dtype=pl.Float64))
        )


def _between(values: Floats, low: float, high: float) -> Bools:
    return np.asarray((values >= low) & (values <= high))


def _to_cgcs2000(x: Floats, y: Floats, named: npt.NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of each point's system as CGCS2000.

    Xi'an 1980 stays as it is: no transformation of it is public (`ingest.systems`).
    """
    new_x, new_y = x.copy(), y.copy()
    for name, undo in (("GCJ02", mapshift.from_gcj02), ("BD09", mapshift.from_bd09)):
        spots = np.flatnonzero((named == name) & (np.abs(x) <= 180) & (np.abs(y) <= 90))
        if len(spots):
            new_x[spots], new_y[spots] = undo(x[spots], y[spots])
    return new_x, new_y


def _is_prefixed(x: Floats, y: Floats) -> Bools:
    """Plane coordinates with a zone prefix (36 500 000) where degrees are asked, either order."""
    return (_between(x, *_ZONED_EAST) & _between(y, *_NORTH)) | (
        _between(y, *_ZONED_EAST) & _between(x, *_NORTH)
    )
