"""Damage to coordinates and geometry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from foundation import mapshift
from simulator.arrays import Floats
from simulator.damage.model import Cells, Forge, Kind

V = pl.col("v")
_ZONE = 36_000_000.0
_FIRST_METRE = 1000.0
_SQUARE = 5
_UNIT = pl.Decimal(20, 9)


def _text(values: Floats) -> pl.Series:
    return pl.Series(values).round(9).cast(_UNIT).cast(pl.String)


def _point(cells: Cells) -> tuple[Floats, Floats]:
    return tuple(cells.rows[n].cast(pl.Float64).to_numpy() for n in ("longitude", "latitude"))  # type: ignore[return-value]


def _shifted(name: str, shift: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> Kind:
    """A point as an internet map shows it, and said so."""

    def beside(cells: Cells) -> dict[str, pl.Series]:
        system = pl.Series([name] * len(cells.values), dtype=pl.String)
        return {"latitude": _text(shift(*_point(cells))[1]), "coordinate_system": system}

    return Kind(f"point_{name.lower()}", "R-GEO-13", lambda c: _text(shift(*_point(c))[0]), True,
                beside=beside, columns=2)  # fmt: skip


def _named(name: str, system: str, rule_id: str, *, is_harmless: bool, columns: int = 1) -> Kind:
    return Kind(name, rule_id, lambda c: c.to(pl.lit(system)), is_harmless, columns=columns)


def _swapped(cells: Cells) -> pl.Series:
    return cells.rows["longitude"]


def _minutes(cells: Cells) -> pl.Series:
    """108°34′12.3456″: exact to a millimetre."""
    value = V.cast(pl.Float64)
    units = (value * 3_600_0000).round(0).cast(pl.Int64)  # ten thousandths of a second
    degrees, rest = units // 3_600_0000, units % 3_600_0000
    minutes, seconds = rest // 600_000, (rest % 600_000) / 10_000
    return cells.to(pl.format("{}°{}′{}″", degrees, minutes, seconds))


POINTS = (
    _shifted("GCJ02", mapshift.to_gcj02),
    _shifted("BD09", mapshift.to_bd09),
    Kind("point_minutes", "R-GEO-14", _minutes, True),
    Kind("point_outside", "R-GEO-08", lambda c: _text(_point(c)[0] + 3.0)),
)
LATITUDE = (
    Kind("point_swapped", "R-GEO-07", _swapped,
         beside=lambda c: {"longitude": c.rows["latitude"]}),
    Kind("point_prefixed", "R-GEO-06", lambda c: c.to(pl.lit("3881000.5")),
         beside=lambda c: {"longitude": c.to(pl.lit("36598000.5"))}),
)  # fmt: skip
SYSTEMS = (
    _named("system_local", "铜川市独立坐标系", "R-GEO-15", is_harmless=False),
    _named("system_xian1980", "西安80", "R-GEO-18", is_harmless=True, columns=2),
)


def _reshaped(change: Callable[[Any], Any]) -> Forge:
    def forge(cells: Cells) -> pl.Series:
        import shapely

        shapes = shapely.from_wkt(cells.values.to_numpy())
        written = shapely.to_wkt(change(shapes), rounding_precision=9)
        return pl.Series(list(written), dtype=pl.String)

    return forge


def _moved(shapes: Any) -> Any:
    import shapely

    def move(points: Floats) -> Floats:
        by = 400_000.0 if points[0, 0] > _FIRST_METRE else 3.0
        return np.column_stack([points[:, 0] + by, points[:, 1]])

    return shapely.transform(shapes, move)


def _turned(shapes: Any) -> Any:
    import shapely

    return shapely.transform(shapes, lambda points: points[:, ::-1])


def _prefixed(shapes: Any) -> Any:
    """A zone prefix where there should be none, or none where there should be one."""
    import shapely

    def move(points: Floats) -> Floats:
        shift = np.where(points[:, 0] > _ZONE, -_ZONE, _ZONE)
        return np.column_stack([points[:, 0] + shift, points[:, 1]])

    result = np.full(len(shapes), None, dtype=object)
    is_metre = shapely.bounds(shapes)[:, 0] > _FIRST_METRE
    result[is_metre] = shapely.transform(shapes[is_metre], move)
    return result


def _crossed(shapes: Any) -> Any:
    """Squares with two corners exchanged: a bow-tie."""
    import shapely

    result = np.full(len(shapes), None, dtype=object)
    squares = np.flatnonzero(shapely.get_num_coordinates(shapes) == _SQUARE)
    if len(squares):
        corners = shapely.get_coordinates(shapes[squares]).reshape(-1, _SQUARE, 2)
        result[squares] = shapely.polygons(corners[:, [0, 2, 1, 3, 0]])
    return result


def _opened(cells: Cells) -> pl.Series:
    """A ring without its last point; only GeoJSON can carry one."""
    if cells.habit.layers[cells.rows["_night"][0]][0] != "geojson":
        return pl.Series([None] * len(cells.values), dtype=pl.String)
    is_single = V.str.contains(r"^POLYGON \(\([^()]*\)\)$")
    return cells.to(pl.when(is_single).then(V.str.replace(r", [^,()]*\)\)$", "))")))


SHAPES = (
    Kind("shape_swapped", "R-GEO-07", _reshaped(_turned)),
    Kind("shape_outside", "R-GEO-08", _reshaped(_moved)),
    Kind("shape_prefixed", "R-GEO-06", _reshaped(_prefixed)),
    Kind("shape_crossed", "R-GEO-10", _reshaped(_crossed)),
    Kind("shape_unclosed", "R-GEO-03", _opened, True),
)
AREA_IN_MU = Kind(
    "area_in_mu", "R-GEO-11",
    lambda c: c.to((V.cast(pl.Float64) * 0.0015).round(4).cast(pl.String)),
)  # fmt: skip
UNIT_CUT = Kind("unit_number_cut", "R-GEO-12", lambda c: c.to(V.str.head(27)))
