"""One column of text → typed values and problems; then the checks between columns.

Columns with few distinct values are evaluated on those values only and spread back over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import Check, Column, ExtractContract
from ingest import dates, e_licence, identity, organisation, plainvalues, textrules
from ingest.clean import Bools, Context, Evaluated, as_bools, clean, replace_at

_SAMPLE = 4096
_FEW = 0.4

POLARS_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "date": pl.Date(),
    "month": pl.Date(),
    "datetime": pl.Datetime("us"),
    "decimal": plainvalues.DECIMAL,
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
}


def _distinct(raw: pl.Series) -> tuple[pl.Series, npt.NDArray[np.uint32]] | None:
    """Distinct values and the position of each row's value among them, if they are few."""
    size = len(raw)
    if size < _SAMPLE:
        return None
    sample = raw.gather_every(max(size // _SAMPLE, 1))
    if sample.n_unique() > _FEW * len(sample):
        return None
    codes = raw.cast(pl.Categorical(pl.Categories.random())).to_physical()
    positions = codes.fill_null(codes.n_unique()).to_numpy()  # one more than every code
    first = np.zeros(int(positions.max()) + 1, dtype=np.int64)
    first[positions[::-1]] = np.arange(size - 1, -1, -1)
    return raw.gather(first), positions


def evaluate_column(raw: pl.Series, column: Column, context: Context) -> Evaluated:
    """Clean, type and check one column; nothing of other columns is looked at."""
    few = _distinct(raw)
    if few is None:
        return _evaluate(raw, column, context)
    values, positions = few
    inner = _evaluate(values, column, context)
    result = Evaluated(inner.values.gather(positions))
    for rule, mask in inner.problems.items():
        result.add(rule, mask[positions])
    if inner.is_long_term is not None:
        result.is_long_term = inner.is_long_term[positions]
    if inner.is_valid is not None:
        result.is_valid = inner.is_valid[positions]
    return result


def _evaluate(raw: pl.Series, column: Column, context: Context) -> Evaluated:
    cleaned = clean(raw, column)
    if column.type == "date":
        done = dates.to_date(cleaned, long_term=column.long_term)
    elif column.type == "datetime":
        done = dates.to_datetime(cleaned)
    elif column.type == "month":
        done = dates.to_month(cleaned)
    elif column.type == "decimal":
        done = plainvalues.to_decimal(cleaned)
    elif column.type == "boolean":
        done = plainvalues.to_boolean(cleaned)
    else:
        done = cleaned
    for check in column.checks:
        done = _check(done, column, check, context)
    return done


# Checks that need no other column, by kind; the others stand in `_check_pair`.
_SINGLE: dict[str, Callable[[Evaluated, Column, Mapping[str, Any], Context], Evaluated]] = {
    "in_code_list": lambda d, c, p, x: plainvalues.to_code(d, c, p["list"], x),
    "in_values": lambda d, _c, p, _x: plainvalues.to_listed(d, p["values"]),
    "person_name": lambda d, _c, _p, _x: textrules.to_person_name(d),
    "mobile": lambda d, _c, _p, _x: textrules.to_mobile(d),
    "division": lambda d, _c, p, x: textrules.to_division(d, p["scope"], x),
    "pattern": lambda d, _c, p, _x: textrules.to_pattern(d, p["pattern"], p["rule"]),
    "uscc": lambda d, _c, p, x: organisation.to_uscc(d, x, p.get("prefixes", ())),
    "registration_no": lambda d, _c, _p, _x: organisation.to_registration_no(d),
    "licence_identifier": lambda d, _c, _p, _x: e_licence.to_licence_identifier(d),
    "several": lambda d, _c, _p, _x: e_licence.to_several(d),
    "taxpayer_id": lambda d, _c, _p, x: organisation.to_taxpayer_id(d, x),
    "resident_id": lambda d, _c, p, x: d if "when" in p else identity.to_resident_id(d, x),
    "range": lambda d, _c, p, _x: _in_range(d, p.get("min"), p.get("max")),
    "not_after_business_date": lambda d, _c, _p, x: _not_after(d, x),
}


def _check(done: Evaluated, column: Column, check: Check, context: Context) -> Evaluated:
    """Apply one check, if it needs no other column."""
    apply = _SINGLE.get(check.kind)
    return done if apply is None else apply(done, column, check.params, context)


def _not_after(done: Evaluated, context: Context) -> Evaluated:
    late = as_bools(done.values.cast(pl.Date) > context.business_date)
    done.add("R-VAL-08", late)
    done.values = _null(done.values, late)
    return done


def _in_range(done: Evaluated, low: float | None, high: float | None) -> Evaluated:
    bad = np.zeros(len(done.values), dtype=bool)
    if low is not None:
        bad |= as_bools(done.values < low)
    if high is not None:
        bad |= as_bools(done.values > high)
    done.add("R-VAL-15", bad)
    done.values = _null(done.values, bad)
    return done


def _null(values: pl.Series, mask: Bools) -> pl.Series:
    if not mask.any():
        return values
    return pl.select(pl.when(pl.Series(mask)).then(None).otherwise(values)).to_series()


def check_between_columns(
    contract: ExtractContract, columns: dict[str, Evaluated], context: Context
) -> None:
    """The checks that look at a second column of the row; problems are added in place."""
    for column in contract.columns:
        for check in column.checks:
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
        case "not_before":
            earlier = columns[params["column"]].values.cast(pl.Date)
            bad = as_bools(done.values.cast(pl.Date) < earlier)
            done.add("R-VAL-09", bad)
            done.values = _null(done.values, bad)
        case "required_when":
            asked = columns[params["column"]].values.is_in(list(params["values"]))
            missing = as_bools(asked & done.values.is_null()) & ~done.has_problem()
            done.add("R-VAL-07", missing)
        case "agrees_with_resident_id":
            numbers = columns[params["number"]].values
            if params["part"] == "sex":
                other = done.values.is_in(["1", "2"]) & (done.values != identity.sex_of(numbers))
                done.add("R-POP-06", as_bools(other))
            else:
                stated = identity.birth_date_of(numbers)
                done.add("R-POP-07", as_bools(done.values.cast(pl.Date) != stated))
        case "sex_of_resident_id":
            is_number = done.values.str.contains(r"^[0-9]{17}[0-9X]$")
            wrong = identity.sex_of(done.values) != params["sex"]
            done.add("R-POP-08", as_bools(is_number & wrong))


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
