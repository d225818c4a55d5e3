"""One column of text → typed values and problems; then the checks between columns.

Columns with few distinct values are evaluated on those values only and spread back over the rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import Check, Column, ExtractContract
from ingest import dates, identity, organisation, plainvalues, textrules
from ingest.clean import Bools, Context, Evaluated, as_bools, clean

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
    if codes.null_count():
        top = codes.max()
        codes = codes.fill_null(0 if top is None else int(top) + 1)  # type: ignore[call-overload, arg-type]  # an integer column
    positions = codes.to_numpy()
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


def _check(done: Evaluated, column: Column, check: Check, context: Context) -> Evaluated:
    """Apply one check that needs no other column."""
    params = check.params
    match check.kind:
        case "in_code_list":
            return plainvalues.to_code(done, column, check, context)
        case "in_values":
            return plainvalues.to_listed(done, params["values"])
        case "person_name":
            return textrules.to_person_name(done)
        case "mobile":
            return textrules.to_mobile(done)
        case "division":
            return textrules.to_division(done, params["scope"], context)
        case "pattern":
            return textrules.to_pattern(done, params["pattern"], params["rule"])
        case "uscc":
            return organisation.to_uscc(done, context, params.get("prefixes", ()))
        case "registration_no":
            return organisation.to_registration_no(done)
        case "taxpayer_id":
            return organisation.to_taxpayer_id(done, context)
        case "resident_id" if "when" not in params:
            return identity.to_resident_id(done, context)
        case "range":
            return _in_range(done, params.get("min"), params.get("max"))
        case "not_after_business_date":
            late = done.values.cast(pl.Date) > context.business_date
            done.add("R-VAL-08", as_bools(late))
            done.values = _null(done.values, as_bools(late))
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
            is_number = done.values.str.contains(r"^\d{17}[\dX]$")
            wrong = identity.sex_of(done.values) != params["sex"]
            done.add("R-POP-08", as_bools(is_number & wrong))


def _resident_id_when(
    name: str, params: object, columns: dict[str, Evaluated], context: Context
) -> None:
    """Check as a resident number only the rows whose paper is one; others keep their text."""
    assert isinstance(params, dict)
    done = columns[name]
    applies = as_bools(columns[params["when"]].values.is_in(list(params["equals"])))
    spots = np.flatnonzero(applies & as_bools(done.values.is_not_null()))
    if not len(spots):
        return
    inner = identity.to_resident_id(Evaluated(done.values.gather(spots)), context)
    done.values = done.values.scatter(spots, inner.values)
    for rule, mask in inner.problems.items():
        struck = np.zeros(len(done.values), dtype=bool)
        struck[spots[mask]] = True
        done.add(rule, struck)
