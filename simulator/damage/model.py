"""What a kind of damage is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from catalog import Column, ExtractContract, catalog
from simulator.habits import Habit

Outcome = Literal["reject", "blank", "warn", "silent", "duplicate"]


@dataclass(frozen=True)
class Cells:
    """The cells one kind of damage is offered: one column of some rows.

    Attributes:
        values: the texts as the department would write them.
        rows: the whole rows, hidden columns included.
        day: the business date.
    """

    values: pl.Series
    rows: pl.DataFrame
    column: Column
    contract: ExtractContract
    habit: Habit
    rng: np.random.Generator
    day: date

    def to(self, expression: pl.Expr) -> pl.Series:
        """Evaluate an expression over the column `v` (the values) and the rows' columns."""
        frame = self.rows.with_columns(v=self.values)
        return frame.with_columns(_out=expression)["_out"]

    def pick(self, texts: list[str]) -> pl.Series:
        """One of the texts for each row."""
        chosen = self.rng.integers(0, len(texts), len(self.values))
        return pl.Series(texts, dtype=pl.String).gather(chosen)


Forge = Callable[[Cells], pl.Series]


@dataclass(frozen=True)
class Kind:
    """A kind of damage.

    Attributes:
        name: as the truth calls it.
        rule_id: the rule it breaks; None when a good reader repairs it without a word.
        forge: makes the damaged texts; null where the kind does not fit a row.
        is_harmless: whether the record keeps its meaning, so that the warehouse still knows all.
        at_most: how many rows of one file it may hit (0: no limit).
        beside: what other columns of the same rows become.
        columns: in how many columns its rule strikes.
        copies: `duplicate` adds an equal row, `conflict` one that differs in the forged column.
    """

    name: str
    rule_id: str | None
    forge: Forge
    is_harmless: bool = False
    at_most: int = 0
    copies: Literal["", "duplicate", "conflict"] = ""
    beside: Callable[[Cells], dict[str, pl.Series]] | None = None
    columns: int = 1

    def outcome(self, column: Column, only_warns: bool = False) -> Outcome:
        """What a reader that follows the contract does with the row."""
        if self.copies == "duplicate":
            return "duplicate"
        if self.rule_id is None:
            return "silent"
        severity = catalog().rules[self.rule_id].severity
        if severity == "reject":
            return "reject"
        if severity == "warn" or only_warns:
            return "warn"
        return column.on_fail


@dataclass(frozen=True)
class Entry:
    """A kind of damage offered to one column of one extract."""

    kind: Kind
    column: Column
    outcome: Outcome
