"""Geometry of a file → canonical WKB in CGCS2000, every defect under its own rule.

A cell is text: `SRID=4545;` and WKT, or WKB in hex, as the file had it (readers write it so, and
退回明细 carries it), so that nothing was mended before it is judged here. Mended and said so: rings
that are not closed, third dimensions, self-intersections that leave the area (nearly) as it was.
Never mended, because it would be a guess: swapped axes, zone prefixes against the declared system,
anything outside the city's box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest import systems
from ingest.clean import Bools, Context, Evaluated, as_bools
from ingest.refusal import Refusal

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

_CELL = r"(?is)^\s*SRID=([0-9]{1,6});\s*(.*)$"
_HEX = r"^0[01][0-9A-Fa-f]+$"
_ZONE = 36_000_000.0
# Which corner of a bounding box is what, in the order of `shapely.bounds`.
_CORNERS = ([0, 1], [2, 1], [2, 3], [0, 3])


def to_geometry(cleaned: Evaluated, kinds: Sequence[str], context: Context) -> Evaluated:
    """Text → canonical WKB (R-GEO-02 … R-GEO-10, R-GEO-18, R-GEO-19).

    The result is little-endian two-dimensional WKB (ISO 19125), valid, in the canonical order of
    `shapely.normalize`. A multipolygon of one part is that polygon where only polygons are allowed.

    Args:
        kinds: `Polygon`, `MultiPolygon`.

    Raises:
        Refusal: R-GEO-24, more vertices than a file may hold.
    """
    import shapely

    text = cleaned.values
    done = Evaluated(pl.Series(text.name, [None] * len(text), dtype=pl.Binary()),
                     dict(cleaned.problems))  # fmt: skip
    given = as_bools(text.is_not_null())
    if not given.any():
        return done
    shapes, codes = _parse(text, given, done)
    if int(shapely.get_num_coordinates(shapes).sum()) > context.catalog.geography.max_vertices:
        raise Refusal("R-GEO-24", "图形的顶点过多")
    live = np.asarray(~shapely.is_missing(shapes))
    live = _strike(done, "R-GEO-04", live, np.asarray(shapely.is_empty(shapes)))
    shapes = _of_kinds(shapes, kinds)
    live = _strike(done, "R-GEO-05", live, np.asarray(shapely.is_missing(shapes)))
    done.add("R-GEO-19", live & np.asarray(shapely.has_z(shapes)))
    shapes = np.asarray(shapely.force_2d(shapes))
    shapes, live = _place(shapes, codes, live, done, context)
    shapes, live = _repair(shapes, kinds, live, done, context)
    done.add("R-GEO-18", live & np.isin(codes, list(systems.XIAN1980)))
    shapes[~live] = None
    canonical = shapely.normalize(shapely.remove_repeated_points(shapes))
    wkb = shapely.to_wkb(canonical, output_dimension=2, byte_order=1)
    done.values = pl.Series(text.name, list(wkb), dtype=pl.Binary())
    return done


def _strike(done: Evaluated, rule_id: str, live: Bools, bad: Bools) -> Bools:
    """Note the rule where a live row is bad; returns what is still live."""
    done.add(rule_id, live & bad)
    return live & ~bad


def _parse(text: pl.Series, given: Bools, done: Evaluated) -> tuple[Shapes, npt.NDArray[np.int64]]:
    """Shapes as they stand (R-GEO-02), unclosed rings closed (R-GEO-03), and their systems."""
    import shapely

    parts = pl.DataFrame({"p": text.str.extract_groups(_CELL)}).unnest("p")
    codes = parts[:, 0].cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    body = parts[:, 1].to_numpy()
    is_hex = as_bools(parts[:, 1].str.contains(_HEX))
    shapes: Shapes = np.full(len(text), None, dtype=object)
    unclosed = np.zeros(len(text), dtype=bool)
    for mask, read in ((is_hex, shapely.from_wkb), (given & ~is_hex, shapely.from_wkt)):
        spots = np.flatnonzero(mask & (parts[:, 1].is_not_null().to_numpy()))
        if not len(spots):
            continue
        found = np.asarray(read(body[spots], on_invalid="ignore"), dtype=object)
        rest = np.flatnonzero(shapely.is_missing(found))
        if len(rest):
            found[rest] = read(body[spots[rest]], on_invalid="fix")
            unclosed[spots[rest]] = ~shapely.is_missing(found[rest])
        shapes[spots] = found
    is_finite = np.asarray(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    unusable = ~np.isin(codes, list(systems.ACCEPTED)) | (
        ~is_finite & ~np.asarray(shapely.is_empty(shapes))
    )
    shapes[unusable] = None
    done.add("R-GEO-02", given & np.asarray(shapely.is_missing(shapes)))
    done.add("R-GEO-03", unclosed & ~np.asarray(shapely.is_missing(shapes)))
    return shapes, codes


def _of_kinds(shapes: Shapes, kinds: Sequence[str]) -> Shapes:
    """The shapes that are of an allowed kind; of single parts where that makes them allowed."""
    import shapely

    allowed = [int(shapely.GeometryType[kind.upper()]) for kind in kinds]
    result = shapes.copy()
    multi = shapely.get_type_id(shapes) == int(shapely.GeometryType.MULTIPOLYGON)
    single = multi & (shapely.get_num_geometries(shapes) == 1)
    result[single] = shapely.get_geometry(shapes[single], 0)
    result[~np.isin(shapely.get_type_id(result), allowed)] = None
    return result


def _place(
    shapes: Shapes, codes: npt.NDArray[np.int64], live: Bools, done: Evaluated, context: Context
) -> tuple[Shapes, Bools]:
    """Shapes in CGCS2000; what is not in the city goes under R-GEO-06, R-GEO-07 or R-GEO-08."""
    import shapely

    result = shapes.copy()
    swapped = np.zeros(len(shapes), dtype=bool)
    prefixed, outside = swapped.copy(), swapped.copy()
    for code in np.unique(codes[live]).tolist():
        spots = np.flatnonzero(live & (codes == code))
        convert = _converter(code)
        result[spots] = shapely.transform(shapes[spots], convert)
        away = spots[~_is_inside(shapely.bounds(result[spots]), context)]
        if not len(away):
            continue
        given = shapely.bounds(shapes[away])
        is_swapped = _fits(given[:, [1, 0, 3, 2]], convert, context)
        is_prefixed = _fits_with_other_prefix(given, code, context) & ~is_swapped
        swapped[away], prefixed[away] = is_swapped, is_prefixed
        outside[away] = ~is_swapped & ~is_prefixed
    done.add("R-GEO-06", prefixed)
    done.add("R-GEO-07", swapped)
    done.add("R-GEO-08", outside)
    return result, live & ~prefixed & ~swapped & ~outside


def _converter(code: int) -> Callable[[Floats], Floats]:
    return lambda points: systems.to_cgcs2000(code, points)


def _is_inside(bounds: Floats, context: Context) -> Bools:
    box = context.catalog.geography.city_box
    low, high = np.array([box.west, box.south]), np.array([box.east, box.north])
    return np.asarray((bounds[:, :2] >= low).all(axis=1) & (bounds[:, 2:] <= high).all(axis=1))


def _fits(bounds: Floats, convert: Callable[[Floats], Floats], context: Context) -> Bools:
    """Whether boxes would lie in the city if their coordinates were converted so."""
    corners = [convert(np.ascontiguousarray(bounds[:, corner])) for corner in _CORNERS]
    together = np.hstack([np.minimum.reduce(corners), np.maximum.reduce(corners)])
    return _is_inside(together, context)


def _fits_with_other_prefix(bounds: Floats, code: int, context: Context) -> Bools:
    """Whether a zone prefix that the declared system does not have (or lacks) explains it."""
    if code in (4490, 4326, 4610):
        return _fits(bounds, _converter(4524), context)
    shift = np.array([_ZONE, 0.0, _ZONE, 0.0])
    return _fits(bounds + (shift if code == 4524 else -shift), _converter(code), context)


def _repair(
    shapes: Shapes, kinds: Sequence[str], live: Bools, done: Evaluated, context: Context
) -> tuple[Shapes, Bools]:
    """Invalid shapes mended (R-GEO-09), or struck (R-GEO-10) when mending would change them."""
    import shapely

    spots = np.flatnonzero(live & ~np.asarray(shapely.is_valid(shapes)))
    if not len(spots):
        return shapes, live
    mended: Any = shapely.make_valid(shapes[spots], method="structure", keep_collapsed=False)
    before, after = shapely.area(shapes[spots]), shapely.area(mended)
    kept = _of_kinds(np.asarray(mended, dtype=object), kinds)
    changed = np.abs(after - before) > context.catalog.geography.repair_tolerance * after
    good = ~changed & (after > 0) & np.asarray(shapely.is_valid(kept))
    result, is_mended, is_bad = shapes.copy(), np.zeros_like(live), np.zeros_like(live)
    result[spots[good]] = kept[good]
    is_mended[spots[good]], is_bad[spots[~good]] = True, True
    done.add("R-GEO-09", is_mended)
    done.add("R-GEO-10", is_bad)
    return result, live & ~is_bad


def area_m2(shapes_as_wkb: pl.Series) -> Floats:
    """Areas of canonical WKB in square metres, on the plane `systems.PLANE`; NaN for NULL."""
    import shapely

    shapes = shapely.from_wkb(shapes_as_wkb.to_numpy())
    areas = np.asarray(shapely.area(shapely.transform(shapes, systems.to_plane)))
    return np.where(shapely.is_missing(shapes), np.nan, areas)


def area_disagrees(area: pl.Series, shapes: pl.Series, tolerance: float) -> Bools:
    """Where a stated area (m²) and the geometry's differ by more than a share of the latter."""
    result = np.zeros(len(area), dtype=bool)
    spots = np.flatnonzero(as_bools(area.is_not_null() & shapes.is_not_null()))
    if len(spots):
        measured = area_m2(shapes.gather(spots))
        stated = area.gather(spots).cast(pl.Float64).to_numpy()
        result[spots] = np.abs(stated - measured) > tolerance * measured
    return result
