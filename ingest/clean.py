"""Text as delivered → text without what exports add to it. Signals what it cannot mend."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog import Catalog, Column

Bools = npt.NDArray[np.bool_]
THREADS = 2  # that evaluate columns at a time

SPACES = " \t\r\n\v\f\u00a0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff"
_SUSPECT = (
    r"[\x00-\x1f\x7f-\x9f\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff\ue000-\uf8ff"
    r"\x{f0000}-\x{10ffff}]|^['=#]|\s\s"
)
# What may not be told from tidy text by one look: blanks at an edge, or anything suspect.
_UNTIDY = rf"{_SUSPECT}|^[{SPACES}]|[{SPACES}]$"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_BREAKS = r"[\t\r\n\u2028\u2029]+"
_PRIVATE_USE = r"[\ue000-\uf8ff\x{f0000}-\x{10ffff}]"
_FORMULA_ERRORS = ["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/A"]


@dataclass(frozen=True)
class Context:
    """What an evaluation may know besides the values.

    Attributes:
        is_return: whether the rows are a corrected 退回明细, not a whole delivery.
    """

    catalog: Catalog
    business_date: date
    is_return: bool = False


@dataclass
class Evaluated:
    """Values of one column and what is wrong with them.

    Attributes:
        values: typed; NULL where empty or not usable.
        problems: for each rule the rows it strikes.
        is_long_term: for columns that know long terms.
        is_valid: for identifiers that are kept although they do not fit their standard.
    """

    values: pl.Series
    problems: dict[str, Bools] = field(default_factory=dict)
    is_long_term: Bools | None = None
    is_valid: Bools | None = None

    @property
    def companion(self) -> tuple[str, Bools] | None:
        """Suffix and values of the boolean column beside this one (`Column.companions`)."""
        if self.is_long_term is not None:
            return "is_long_term", self.is_long_term
        return None if self.is_valid is None else ("is_valid", self.is_valid)

    def add(self, rule_id: str, mask: Bools | pl.Series) -> None:
        """Note a problem where the mask is true."""
        struck = as_bools(mask)
        if struck.any():
            before = self.problems.get(rule_id)
            self.problems[rule_id] = struck if before is None else before | struck

    def has_problem(self) -> Bools:
        """Rows with any problem."""
        result = np.zeros(len(self.values), dtype=bool)
        for mask in self.problems.values():
            result |= mask
        return result


def as_bools(mask: Bools | pl.Series) -> Bools:
    """A mask as numpy, NULL as false."""
    if isinstance(mask, pl.Series):
        return mask.fill_null(False).to_numpy()
    return mask


def scatter_bools(size: int, spots: npt.NDArray[np.int64], inner: Bools) -> Bools:
    """A mask over `size` rows from a mask over the rows at `spots`."""
    result = np.zeros(size, dtype=bool)
    result[spots[inner]] = True
    return result


def replace_at(values: pl.Series, spots: npt.NDArray[np.int64], new: pl.Series) -> pl.Series:
    """The series with new values at some positions."""
    # `scatter` changes the series it is called on: the caller's stays as it was
    return values.clone().scatter(spots, new) if len(spots) else values


def null_where(values: pl.Series, mask: Bools) -> pl.Series:
    """The series with NULL where the mask is true."""
    if not mask.any():
        return values
    return pl.select(pl.when(pl.Series(mask)).then(None).otherwise(values)).to_series()


def clean(raw: pl.Series, column: Column, tidy: Bools | None = None) -> Evaluated:
    """Strip blanks, spreadsheet wrappers and invisible characters; null words become NULL.

    Args:
        tidy: rows whose text is known to have nothing of that.
    """
    done = Evaluated(raw)
    if tidy is None:
        untidy = np.flatnonzero(as_bools(raw.str.contains(_UNTIDY)))
    else:
        rest = np.flatnonzero(~tidy)
        untidy = rest[as_bools(raw.gather(rest).str.contains(_UNTIDY))]
    if len(untidy):
        some = raw.gather(untidy).str.strip_chars(SPACES)
        spots = np.flatnonzero(as_bools(some.str.contains(_SUSPECT)))
        if len(spots):
            some = _mend(some, spots, untidy, done)
        done.values = replace_at(raw, untidy, some)
    null = done.values.is_in([*column.null_words, ""])
    if null.any():
        done.values = pl.select(
            pl.when(null).then(None).otherwise(done.values).alias(raw.name)
        ).to_series()
    if column.when_empty is not None:
        done.values = done.values.fill_null(column.when_empty)
    return done


def _mend(
    text: pl.Series, spots: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], done: Evaluated
) -> pl.Series:
    """Mend the texts at `spots`; `rows` tells which row of the column each text is."""
    size = len(done.values)
    at = rows[spots]
    some = text.gather(spots)
    some = some.str.replace(r'^="(.*)"$', "$1").str.replace(r"^'+", "")
    some = some.str.replace_all(r"[\u200b-\u200f\u2060\ufeff]", "")
    some = some.str.replace_all("\u00a0", " ")
    error = as_bools(some.str.to_uppercase().is_in(_FORMULA_ERRORS))
    done.add("R-VAL-13", scatter_bools(size, at, error & ~as_bools(some == "#N/A")))
    breaks = as_bools(some.str.strip_chars(SPACES).str.contains(_BREAKS))
    done.add("R-VAL-14", scatter_bools(size, at, breaks))
    some = some.str.replace_all(_BREAKS, " ").str.strip_chars(SPACES)
    control = as_bools(some.str.contains(_CONTROL))
    done.add("R-VAL-02", scatter_bools(size, at, control))
    done.add("R-ENC-03", scatter_bools(size, at, as_bools(some.str.contains(_PRIVATE_USE))))
    unusable = pl.Series(control | (error & ~as_bools(some == "#N/A")))
    some = pl.select(pl.when(unusable).then(None).otherwise(some)).to_series()
    return replace_at(text, spots, some)


def half_width(values: pl.Series) -> pl.Series:
    """NFKC (full-width digits and letters become half-width), without inner blanks."""
    return values.str.normalize("NFKC").str.replace_all(r"\s+", "")
