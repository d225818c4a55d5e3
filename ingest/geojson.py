"""GeoJSON (RFC 7946, and the `crs` member of 2008) as a table; geometry is not mended here.

The features are counted a second time by brackets in the bytes, which also finds nesting that
would exhaust the parser. Attribute cells become text, geometry `SRID=…;WKT` with the coordinates
just as they stand.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import polars as pl

from catalog import ExtractContract
from ingest import systems
from ingest.decode import to_utf8
from ingest.refusal import Refusal
from ingest.table import Table

_MAX_DEPTH = 32
_DEFAULT = 4326  # RFC 7946 §4
# How deep the coordinates of each kind are nested.
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
           "MultiPolygon": 3}  # fmt: skip
_DAMAGED = "R-GEO-23"


def read_geojson(raw: bytes, contract: ExtractContract) -> Table:
    """Read a FeatureCollection.

    Raises:
        Refusal: it is no such thing, its coordinate system is not accepted, an attribute stands
            twice, or the independent count differs.
    """
    data, encoding = to_utf8(raw)
    counted, depth = _scan(data)
    if depth > _MAX_DEPTH:
        raise Refusal("R-GEO-24", f"JSON 嵌套超过 {_MAX_DEPTH} 层")
    document = _load(data)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Refusal(_DAMAGED, "不是 GeoJSON 的 FeatureCollection")
    features = document.get("features")
    if not isinstance(features, list):
        raise Refusal(_DAMAGED, "FeatureCollection 没有 features")
    if counted != len(features):
        raise Refusal("R-FILE-13", "解析所得要素数与独立计数不符")
    prefix = f"SRID={_system(document)};"
    if not features:  # it names no attributes: a list of nothing, as a header without rows
        own = [c.title_cn for c in contract.columns if c.type != "geometry"]
        return as_table(own, [[] for _ in own], [], contract, encoding)
    properties, geometries = _take_apart(features)
    names = list(dict.fromkeys(name for told in properties for name in told))
    columns = [[_text(told.get(name)) for told in properties] for name in names]
    return as_table(names, columns, _cells(geometries, prefix), contract, encoding)


def as_table(
    names: list[str],
    columns: list[list[str | None]],
    shapes: list[str | None],
    contract: ExtractContract,
    encoding: str,
) -> Table:
    """Attributes and geometry cells as a table; features are numbered from 1."""
    title = next(c.title_cn for c in contract.columns if c.type == "geometry")
    cells = pl.DataFrame(
        {str(i): pl.Series(values, dtype=pl.String) for i, values in enumerate([*columns, shapes])}
    )
    return Table(
        headers=(*names, title),
        cells=cells,
        lines=pl.Series("line", np.arange(1, len(shapes) + 1), dtype=pl.Int64),
        broken=(),
        skipped=0,
        read=len(shapes),
        encoding=encoding,
    )


def _load(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(_DAMAGED, "JSON 无法解析") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("R-COL-05", "同一要素中有属性出现了两次")
    return found


def _no_constant(_: str) -> float:
    raise ValueError("NaN and Infinity are no JSON")


def _system(document: dict[str, Any]) -> int:
    """The declared system: `{"type": "name", "properties": {"name": …}}`, or EPSG with a code."""
    if "crs" not in document:
        return _DEFAULT
    told = document["crs"]
    properties = told.get("properties") if isinstance(told, dict) else None
    if isinstance(properties, dict) and isinstance(properties.get("name"), str):
        return systems.of_name(properties["name"])
    if isinstance(properties, dict) and isinstance(properties.get("code"), int):
        return systems.of_code(properties["code"])
    raise Refusal("R-GEO-21", "crs 一项没有说明坐标系")


def _take_apart(features: list[Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Attributes and geometry of each feature."""
    properties, shapes = [], []
    for number, feature in enumerate(features, start=1):
        told = feature.get("properties") if isinstance(feature, dict) else 0
        if not isinstance(told, dict | None) or feature.get("type") != "Feature":
            raise Refusal(_DAMAGED, f"第 {number} 项不是要素（Feature）")
        properties.append(told or {})
        shapes.append(feature.get("geometry"))
    return properties, shapes


def _cells(geometries: list[Any], prefix: str) -> list[str | None]:
    """Geometry cells; what GEOS does not take as it stands (open rings, say) is written by hand."""
    import shapely

    texts = np.array([json.dumps(geometry) for geometry in geometries], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numbers out of range: such a shape is not taken
        parsed = shapely.from_geojson(texts, on_invalid="ignore")
    written = shapely.to_wkt(parsed, rounding_precision=17)
    return [
        _shape(geometry, prefix) if wkt is None else prefix + wkt
        for geometry, wkt in zip(geometries, written, strict=True)
    ]


def _shape(geometry: Any, prefix: str) -> str | None:
    """`SRID=…;WKT`; what is no geometry stays JSON, which no reader of WKT accepts."""
    if geometry is None:
        return None
    try:
        kind, coordinates = geometry["type"], geometry["coordinates"]
        if not coordinates:
            return f"{prefix}{kind.upper()} EMPTY"
        width, body = _ordinates(coordinates, _DEPTHS[kind])
        return f"{prefix}{kind.upper()}{' Z' if width == 3 else ''} {body}"
    except (KeyError, TypeError, ValueError, AttributeError):
        return prefix + json.dumps(geometry, ensure_ascii=False)


def _ordinates(coordinates: list[Any], depth: int) -> tuple[int, str]:
    """The coordinates as WKT has them, and how many each position has.

    Raises:
        TypeError, ValueError: they are not nested numbers of one width.
    """
    if depth == 0:
        width, body = _position(coordinates)
        return width, f"({body})"
    inner = [_position(c) if depth == 1 else _ordinates(c, depth - 1) for c in coordinates]
    widths = {width for width, _ in inner}
    if len(widths) != 1:
        raise ValueError("positions of different widths")
    return widths.pop(), "(" + ", ".join(body for _, body in inner) + ")"


def _position(numbers: list[Any]) -> tuple[int, str]:
    if len(numbers) not in (2, 3) or not all(type(n) in (int, float) for n in numbers):
        raise ValueError("no position")
    return len(numbers), " ".join(map(repr, numbers))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)


def _scan(data: bytes) -> tuple[int, int]:
    """Objects that stand directly in an array of the outermost object; the greatest depth.

    Brackets inside strings do not count. Of a FeatureCollection those objects are its features.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(buffer == ord('"'))
    if b"\\" in data:
        quotes = quotes[~_is_escaped(buffer, quotes)]
    opens = np.flatnonzero((buffer == ord("{")) | (buffer == ord("[")))
    closes = np.flatnonzero((buffer == ord("}")) | (buffer == ord("]")))
    opens = opens[np.searchsorted(quotes, opens) % 2 == 0]
    closes = closes[np.searchsorted(quotes, closes) % 2 == 0]
    depth = np.arange(1, len(opens) + 1) - np.searchsorted(closes, opens)
    is_array = buffer[opens] == ord("[")
    second = np.flatnonzero(depth == 2)
    third = np.flatnonzero((depth == 3) & ~is_array)
    if not len(second):
        return 0, int(depth.max(initial=0))
    parent = second[np.maximum(np.searchsorted(second, third) - 1, 0)]
    return int(is_array[parent].sum()), int(depth.max(initial=0))


def _is_escaped(
    buffer: np.typing.NDArray[np.uint8], quotes: np.typing.NDArray[np.int64]
) -> np.typing.NDArray[np.bool_]:
    """Quotes after an odd number of backslashes."""
    slashes = np.flatnonzero(buffer == ord("\\"))
    starts = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
    last = np.searchsorted(slashes, quotes) - 1
    follows = (last >= 0) & (slashes[np.maximum(last, 0)] == quotes - 1)
    run = starts[np.maximum(np.searchsorted(starts, last, side="right") - 1, 0)]
    return np.asarray(follows & ((last - run) % 2 == 0))
