"""Checks of geography that look at a second column of the row, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from ingest import geometry, hierarchy, parcels, points
from ingest.clean import Bools, Context, Evaluated, as_bools

Columns = Mapping[str, Evaluated]


def _blank(done: Evaluated, bad: Bools, rule_id: str) -> None:
    done.add(rule_id, bad)
    if bad.any():
        done.values = pl.select(
            pl.when(pl.Series(bad)).then(None).otherwise(done.values)
        ).to_series()


def _area(done: Evaluated, columns: Columns, params: Mapping[str, Any], _: Context) -> None:
    shapes = columns[params["geometry"]].values
    _blank(done, geometry.area_disagrees(done.values, shapes, params["tolerance"]), "R-GEO-11")


def _point(done: Evaluated, columns: Columns, params: Mapping[str, Any], context: Context) -> None:
    points.place(columns[params["longitude"]], done, columns[params["system"]].values, context)


def _parent(done: Evaluated, columns: Columns, params: Mapping[str, Any], context: Context) -> None:
    codes, levels = columns[params["column"]].values, columns[params["level"]].values
    _blank(done, hierarchy.orphans(done.values, codes, levels, params["top"], context), "R-GEO-16")


def _level(done: Evaluated, columns: Columns, params: Mapping[str, Any], _: Context) -> None:
    levels = columns[params["level"]].values
    done.add("R-GEO-17", hierarchy.wrong_levels(done.values, levels, params["digits"]))


def _count(done: Evaluated, columns: Columns, params: Mapping[str, Any], _: Context) -> None:
    other = columns[params["column"]].values
    done.add("R-GEO-25", as_bools(parcels.counts_differ(done.values, other)))


CHECKS: Mapping[str, Callable[[Evaluated, Columns, Mapping[str, Any], Context], None]] = {
    "agrees_with_geometry": _area,
    "fits_level": _level,
    "parent_in_delivery": _parent,
    "point": _point,
    "same_count": _count,
}
