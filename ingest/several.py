"""Several values in one cell: parts joined by `^`, each with its place.

Holders of a licence or of a parcel stand so. A part that cannot be used leaves an empty place, so
that the others keep theirs. Which further separators a department may write is the contract's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.clean import SPACES, Context, Evaluated, as_bools, replace_at

SEPARATOR = "^"


def unify(text: pl.Series, separators: str) -> pl.Series:
    """Parts joined by `^`, whichever separator stood between them, without blanks."""
    between = rf"[{SPACES}]*[\^＾{separators}][{SPACES}]*"
    return text.str.replace_all(between, SEPARATOR).str.strip_chars(SPACES)


def count(text: pl.Series) -> pl.Series:
    """How many places there are."""
    return text.str.count_matches(SEPARATOR, literal=True) + 1


@dataclass
class Parts:
    """The parts of all cells, one below the other.

    Attributes:
        size: how many cells.
        rows: which cell each part stands in.
        values: the parts; NULL for an empty place.
    """

    size: int
    rows: npt.NDArray[np.int64]
    values: pl.Series

    @staticmethod
    def of(text: pl.Series) -> Parts:
        """The parts of unified cells; NULL cells have none."""
        given = np.flatnonzero(as_bools(text.is_not_null()))
        lists = text.gather(given).str.split(SEPARATOR)
        rows = np.repeat(given, lists.list.len().to_numpy())
        values = lists.explode() if len(given) else pl.Series([], dtype=pl.String)
        return Parts(len(text), rows, values.replace("", None))

    def check(
        self,
        done: Evaluated,
        spots: npt.NDArray[np.int64],
        check: Callable[[Evaluated, Context], Evaluated],
        context: Context,
    ) -> None:
        """Judge some parts; what is wrong with one is noted for its cell in `done`."""
        if not len(spots):
            return
        inner = check(Evaluated(self.values.gather(spots)), context)
        self.values = replace_at(self.values, spots, inner.values)
        for rule_id, mask in inner.problems.items():
            struck = np.zeros(self.size, dtype=bool)
            struck[self.rows[spots[mask]]] = True
            done.add(rule_id, struck)

    def joined(self) -> pl.Series:
        """The cells again; NULL where no part is left."""
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, self.size)
        if not len(self.rows):
            return nothing
        whole = (
            pl.DataFrame({"row": self.rows, "part": self.values})
            .group_by("row", maintain_order=True)
            .agg(pl.col("part").fill_null("").str.join(SEPARATOR), some=pl.col("part").count())
            .filter(pl.col("some") > 0)
        )
        return nothing.scatter(whole["row"], whole["part"])
