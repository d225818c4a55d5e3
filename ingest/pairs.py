"""The checks that look at a second column of the row.

They come after every column has been typed; a check of the first kind knows one column only and
stands in `evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from catalog import Check, Column, ExtractContract, Form
from ingest import credit, cumulative, e_licence, environment, geochecks, identity, indicatorchecks
from ingest.clean import THREADS, Bools, Context, Evaluated, as_bools, null_where, replace_at

_BLOCK = 1 << 17
_JUDGES = indicatorchecks.CHECKS | environment.CHECKS | credit.CHECKS


_REQUIRING = ("required_when", "required_with")


def check_between_columns(
    contract: ExtractContract,
    columns: dict[str, Evaluated],
    context: Context,
    form: Form | None = None,
) -> None:
    """The checks that look at a second column of the row; problems are added in place."""
    for column in contract.columns:
        for check in column.checks:
            if form and check.kind in _REQUIRING and column.name not in form.headers:
                continue  # the form has no such column
            if apply := geochecks.CHECKS.get(check.kind):
                apply(columns[column.name], columns, check.params, context)
            elif judge := _JUDGES.get(check.kind):
                judge(column.name, check.params, columns, context)
            else:
                _check_pair(column, check, columns, context)


def _check_pair(
    column: Column, check: Check, columns: dict[str, Evaluated], context: Context
) -> None:
    done, params = columns[column.name], check.params
    match check.kind:
        case "resident_id" if "when" in params:
            _resident_id_when(column.name, params, columns, context)
        case "holder_codes":
            names, kinds = (columns[params[n]].values for n in ("names", "when"))
            e_licence.check_holder_codes(done, names, kinds, params, context)
        case "does_not_fall":
            cumulative.check_does_not_fall(done, params, columns)
        case "not_before":
            earlier = columns[params["column"]].values.cast(pl.Date)
            bad = as_bools(done.values.cast(pl.Date) < earlier)
            done.add(params.get("rule", "R-VAL-09"), bad)
            done.values = null_where(done.values, bad)
        case "not_after":
            later = columns[params["column"]].values.cast(pl.Date)
            bad = as_bools(done.values.cast(pl.Date) > later)
            done.add(params["rule"], bad)
            done.values = null_where(done.values, bad)
        case "negative_when":
            due = as_bools(columns[params["column"]].values.is_in(list(params["values"])))
            bad = as_bools(done.values < 0) & ~due | as_bools(done.values > 0) & due
            done.add(params["rule"], bad)
            done.values = null_where(done.values, bad)
        case "required_when":
            asked = columns[params["column"]].values.is_in(list(params["values"]))
            missing = as_bools(asked & done.values.is_null()) & ~done.has_problem()
            done.add(params.get("rule", "R-VAL-07"), missing)
        case "agrees_with_resident_id":
            numbers = columns[params["number"]].values
            is_sex = params["part"] == "sex"
            differs = _row_by_row(_other_sex if is_sex else _other_day, done.values, numbers)
            done.add("R-POP-06" if is_sex else "R-POP-07", differs)
        case "sex_of_resident_id":
            is_number = done.values.str.contains(r"^[0-9]{17}[0-9X]$")
            wrong = identity.sex_of(done.values) != params["sex"]
            done.add("R-POP-08", as_bools(is_number & wrong))


def _other_sex(stated: pl.Series, numbers: pl.Series) -> Bools:
    return as_bools(stated.is_in(["1", "2"]) & (stated != identity.sex_of(numbers)))


def _other_day(stated: pl.Series, numbers: pl.Series) -> Bools:
    return as_bools(stated.cast(pl.Date) != identity.birth_date_of(numbers))


def _row_by_row(
    differs: Callable[[pl.Series, pl.Series], Bools], first: pl.Series, second: pl.Series
) -> Bools:
    """Compare two columns, by blocks of rows that fit a core's cache, on all cores."""
    starts = range(0, max(len(first), 1), _BLOCK)
    with ThreadPoolExecutor(THREADS) as pool:
        blocks = pool.map(
            lambda at: differs(first.slice(at, _BLOCK), second.slice(at, _BLOCK)), starts
        )
        return np.concatenate(list(blocks))


def _resident_id_when(
    name: str, params: Mapping[str, Any], columns: dict[str, Evaluated], context: Context
) -> None:
    """Check as a resident number only the rows whose paper is one; others keep their text."""
    done = columns[name]
    kinds = columns[params["when"]].values
    # a kind of paper that is not in the list was blanked: the number beside it is not let off
    applies = as_bools(kinds.is_in(list(params["equals"])) | kinds.is_null())
    spots = np.flatnonzero(applies & as_bools(done.values.is_not_null()))
    if not len(spots):
        return
    inner = identity.to_resident_id(Evaluated(done.values.gather(spots)), context)
    done.values = replace_at(done.values, spots, inner.values)
    for rule, mask in inner.problems.items():
        struck = np.zeros(len(done.values), dtype=bool)
        struck[spots[mask]] = True
        done.add(rule, struck)
