"""What each department holds: clean rows of every extract, with the night they are written for.

Hidden columns beside the contract's own: `_night` (1 for the first), `_pid` and `_pid2` (the
people meant) or `_eid` (the entity), -1 for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from catalog import ExtractContract, catalog
from simulator.arrays import Ints
from simulator.habits import HABITS, extract_of
from simulator.spellings import ADDRESSES, spelled

HIDDEN: dict[str, pl.DataType] = {
    "_night": pl.Int64(), "_pid": pl.Int64(), "_pid2": pl.Int64(), "_eid": pl.Int64(),
}  # fmt: skip
_TYPES: dict[str, pl.DataType] = {"date": pl.Date(), "datetime": pl.Datetime("us")}


def extract_schema(contract: ExtractContract) -> dict[str, pl.DataType]:
    """Columns of an extract as the simulator keeps them: dates typed, everything else text."""
    return {c.name: _TYPES.get(c.type, pl.String()) for c in contract.columns}


def _contract(book: str) -> ExtractContract:
    return catalog().extracts[extract_of(book)]


class Books:
    """Rows of all extracts, added frame by frame and never changed.

    Attributes:
        meant: which house each address means, one frame for each column of addresses added.
    """

    def __init__(self, start: date, nights: int) -> None:
        """Rows for nights after `nights` are dropped when they are added."""
        self.start, self.nights = start, nights
        self.meant: list[pl.DataFrame] = []
        self._frames: dict[str, list[pl.DataFrame]] = {
            book: [pl.DataFrame(schema=extract_schema(_contract(book)) | HIDDEN)] for book in HABITS
        }

    def day(self, night: int) -> date:
        """The business date of a night."""
        return self.start + timedelta(days=night - 1)

    def add(self, extract: str, rows: pl.DataFrame, *, night: int | Ints) -> None:
        """Add rows; columns that a frame lacks are empty.

        Args:
            extract: id of the extract.
            rows: contract columns and hidden columns, others are left out.
            night: one night for all rows, or one for each.
        """
        wanted = extract_schema(_contract(extract)) | HIDDEN
        told = pl.lit(night) if isinstance(night, int) else pl.Series(night)
        rows = rows.with_columns(_night=told).filter(pl.col("_night") <= self.nights)
        rows = self._spell(extract, rows)
        columns = [
            (pl.col(name).fill_null(-1) if name in HIDDEN else pl.col(name)).cast(dtype)
            if name in rows.columns
            else pl.lit(-1 if name in HIDDEN else None, dtype=dtype).alias(name)
            for name, dtype in wanted.items()
        ]
        self._frames[extract].append(rows.select(columns))

    def _spell(self, extract: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Addresses as people write them; which house is meant is kept beside."""
        for name in ADDRESSES:
            if name in rows.columns and name in _contract(extract).by_name:
                rows, meant = spelled(rows, name)
                self.meant.append(meant.with_columns(extract=pl.lit(extract)))
        return rows

    def table(self, extract: str) -> pl.DataFrame:
        """Every row of an extract so far, in the order of adding."""
        frames = self._frames[extract]
        if len(frames) > 1:
            frames[:] = [pl.concat(frames)]
        return frames[0]

    def extracts(self) -> Iterable[str]:
        """Names of all books, sorted: extracts, with the department where several deliver."""
        return sorted(self._frames)
