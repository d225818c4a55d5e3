"""One column of text → typed values and problems.

Columns with few distinct values are evaluated on those values only; rows that hold one that is
fine as it stands are not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import Check, Column
from ingest import (
    credit,
    dates,
    e_licence,
    environment,
    geometry,
    identity,
    indicatorchecks,
    organisation,
    parcels,
    plainvalues,
    points,
    textrules,
)
from ingest.clean import (
    Context,
    Evaluated,
    as_bools,
    clean,
    null_where,
    replace_at,
    scatter_bools,
)
from ingest.isodates import EXACT

_SAMPLE = 4096
# Up to this share of distinct values in a sample, they are evaluated once each.
_FEW = 0.4

_POLARS_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "date": pl.Date(),
    "month": pl.Date(),
    "datetime": pl.Datetime("us"),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "geometry": pl.Binary(),
}


def polars_type(column: Column) -> pl.DataType:
    """The type of a column's values after evaluation."""
    return pl.Decimal(20, column.scale) if column.type == "decimal" else _POLARS_TYPES[column.type]


def evaluate_column(raw: pl.Series, column: Column, context: Context) -> Evaluated:
    """Clean, type and check one column; nothing of other columns is looked at."""
    size = len(raw)
    if size < _SAMPLE:
        return _evaluate(raw, column, context)
    if raw.null_count() * 2 > size and column.when_empty is None:
        spots = np.flatnonzero(raw.is_not_null().to_numpy())
        return _spread(raw, spots, evaluate_column(raw.gather(spots), column, context))
    if raw.gather_every(size // _SAMPLE).n_unique() > _FEW * _SAMPLE:
        return _evaluate(raw, column, context)
    return _by_distinct_values(raw, column, context)


def _by_distinct_values(raw: pl.Series, column: Column, context: Context) -> Evaluated:
    """Evaluate each value once; only rows whose value changes or has a problem are touched."""
    values = raw.unique()
    inner = _evaluate(values, column, context)
    changed = inner.has_problem()
    if inner.values.dtype == raw.dtype and inner.companion is None:
        changed |= values.ne_missing(inner.values).to_numpy()
        of_interest = values.filter(pl.Series(changed))
        spots = np.flatnonzero(raw.is_in(of_interest.implode(), nulls_equal=True).to_numpy())
    else:
        spots = np.arange(len(raw))
    told = pl.DataFrame({"value": values, "at": np.arange(len(values))})
    wanted = pl.DataFrame({"value": raw.gather(spots) if len(spots) < len(raw) else raw})
    joined = wanted.join(told, on="value", how="left", nulls_equal=True, maintain_order="left")
    at = joined["at"].to_numpy()
    some = Evaluated(inner.values.gather(at))
    some.problems = {rule: mask[at] for rule, mask in inner.problems.items()}
    some.is_long_term = None if inner.is_long_term is None else inner.is_long_term[at]
    some.is_valid = None if inner.is_valid is None else inner.is_valid[at]
    return some if len(spots) == len(raw) else _spread(raw, spots, some)


def _spread(raw: pl.Series, spots: npt.NDArray[np.int64], some: Evaluated) -> Evaluated:
    """The evaluation of the rows at `spots` within the column; the others stay as they are."""
    size = len(raw)
    if some.values.dtype == raw.dtype:
        result = Evaluated(replace_at(raw, spots, some.values))
    else:
        empty = pl.Series(raw.name, [None], dtype=some.values.dtype).new_from_index(0, size)
        result = Evaluated(replace_at(empty, spots, some.values))
    for rule, mask in some.problems.items():
        result.add(rule, scatter_bools(size, spots, mask))
    if some.is_long_term is not None:
        result.is_long_term = scatter_bools(size, spots, some.is_long_term)
    if some.is_valid is not None:
        result.is_valid = scatter_bools(size, spots, some.is_valid)
    return result


def _evaluate(raw: pl.Series, column: Column, context: Context) -> Evaluated:
    exact = EXACT[column.type](raw) if column.type in EXACT else None
    cleaned = clean(raw, column, None if exact is None else as_bools(exact.is_not_null()))
    if column.type == "date":
        done = dates.to_date(cleaned, exact, long_term=column.long_term)
    elif column.type == "datetime":
        done = dates.to_datetime(cleaned, exact)
    elif column.type == "month":
        done = dates.to_month(cleaned)
    elif column.type == "decimal":
        is_angle = any(check.kind == "degrees" for check in column.checks)
        done = points.to_degrees(cleaned) if is_angle else plainvalues.to_decimal(cleaned)
    elif column.type == "boolean":
        done = plainvalues.to_boolean(cleaned)
    else:
        done = cleaned
        if column.key_position is not None and not column.checks:
            textrules.check_ruined_key(done)
    for check in column.checks:
        done = _check(done, column, check, context)
    return done


# Checks that need no other column, by kind; the others stand in `_check_pair`.
_SINGLE: dict[str, Callable[[Evaluated, Column, Mapping[str, Any], Context], Evaluated]] = {
    "above_zero": lambda d, _c, _p, _x: environment.above_zero(d),
    "in_code_list": lambda d, c, p, x: plainvalues.to_code(d, c, p["list"], x),
    "in_values": lambda d, _c, p, _x: plainvalues.to_listed(d, p["values"]),
    "person_name": lambda d, _c, _p, _x: textrules.to_person_name(d),
    "measured_value": lambda d, _c, _p, _x: environment.to_measured_value(d),
    "mobile": lambda d, _c, _p, _x: textrules.to_mobile(d),
    "division": lambda d, _c, p, x: textrules.to_division(d, p["scope"], x, p.get("digits")),
    "pattern": lambda d, _c, p, _x: textrules.to_pattern(d, p["pattern"], p["rule"]),
    "statistical_period": lambda d, _c, _p, _x: indicatorchecks.to_period(d),
    "uscc": lambda d, _c, p, x: organisation.to_uscc(d, x, p.get("prefixes", ())),
    "registration_no": lambda d, _c, _p, _x: organisation.to_registration_no(d),
    "licence_identifier": lambda d, _c, _p, _x: e_licence.to_licence_identifier(d),
    "debtor_number": lambda d, _c, _p, x: credit.to_debtor_number(d, x),
    "document_no": lambda d, _c, _p, _x: credit.to_document_no(d),
    "listed_names": lambda d, _c, p, x: credit.to_listed_names(d, p, x),
    "max_length": lambda d, _c, p, _x: textrules.to_max_length(d, p["max"]),
    "organisation_code": lambda d, _c, _p, _x: organisation.to_organisation_code(d),
    "several": lambda d, _c, _p, _x: e_licence.to_several(d),
    "taxpayer_id": lambda d, _c, _p, x: organisation.to_taxpayer_id(d, x),
    "resident_id": lambda d, _c, p, x: d if "when" in p else identity.to_resident_id(d, x),
    "coordinate_system": lambda d, _c, _p, _x: points.to_system(d),
    "geometry": lambda d, _c, p, x: geometry.to_geometry(d, p["kinds"], x),
    "real_estate_unit_no": lambda d, _c, _p, x: parcels.to_real_estate_unit_no(d, x),
    "holder_names": lambda d, _c, _p, _x: parcels.to_holder_names(d),
    "holder_ids": lambda d, _c, _p, x: parcels.to_holder_ids(d, x),
    "whole_hour": lambda d, _c, _p, _x: environment.to_whole_hour(d),
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
    done.values = null_where(done.values, late)
    return done


def _in_range(done: Evaluated, low: float | None, high: float | None) -> Evaluated:
    bad = np.zeros(len(done.values), dtype=bool)
    is_decimal = isinstance(done.values.dtype, pl.Decimal)
    if low is not None:
        bad |= as_bools(done.values < (Decimal(str(low)) if is_decimal else low))
    if high is not None:
        bad |= as_bools(done.values > (Decimal(str(high)) if is_decimal else high))
    done.add("R-VAL-15", bad)
    done.values = null_where(done.values, bad)
    return done
