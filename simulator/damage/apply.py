"""Dealing damage out over the rows of a file."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from catalog import ExtractContract
from simulator.arrays import Bools, Ints, ints
from simulator.damage.menu import menu
from simulator.damage.model import Cells, Entry
from simulator.habits import Habit
from simulator.writers import LOST_DELIMITER, RAW_DELIMITER, RAW_QUOTE

_HITS: dict[str, pl.DataType] = {
    "line": pl.Int64(), "column": pl.String(), "damage": pl.String(), "rule_id": pl.String(),
    "outcome": pl.String(), "is_harmless": pl.Boolean(), "columns": pl.Int64(),
    "record_key": pl.String(),
    "written": pl.String(), "_pid": pl.Int64(), "_pid2": pl.Int64(), "_eid": pl.Int64(),
}  # fmt: skip
NO_HITS = pl.DataFrame(schema=_HITS)
_MARKS = {RAW_DELIMITER: ",", RAW_QUOTE: '"', LOST_DELIMITER: ""}
_ROUNDS = 12


class _Dealer:
    """Damage of one file while it is dealt out."""

    def __init__(
        self, contract: ExtractContract, habit: Habit, table: pl.DataFrame,
        rng: np.random.Generator, day: date,
    ) -> None:  # fmt: skip
        self.contract, self.habit, self.rng, self.day = contract, habit, rng, day
        self.table = table.with_columns(_place=pl.arange(0, table.height).cast(pl.Float64))
        self.copies: list[pl.DataFrame] = []
        self.hits: list[pl.DataFrame] = []
        self.used: dict[str, int] = {}

    def offer(self, entry: Entry, rows: Ints) -> Ints:
        """Damage those of the rows that the entry fits; return the rows left."""
        if entry.kind.at_most:
            rows, kept = self._within(entry, rows)
        else:
            kept = rows[:0]
        if not len(rows):
            return kept
        told = self.table[rows]
        cells = Cells(told[entry.column.name], told, entry.column, self.contract, self.habit,
                      self.rng, self.day)  # fmt: skip
        forged = entry.kind.forge(cells)
        fits: Bools = forged.is_not_null().to_numpy()
        done = rows[fits]
        if len(done):
            self.used[entry.kind.name] = self.used.get(entry.kind.name, 0) + len(done)
            others = entry.kind.beside(cells) if entry.kind.beside else {}
            kept_of = {name: told.filter(pl.Series(fits)) for name, told in others.items()}
            self._write(entry, done, forged.filter(pl.Series(fits)), kept_of)
        return np.concatenate([rows[~fits], kept])

    def _within(self, entry: Entry, rows: Ints) -> tuple[Ints, Ints]:
        room = max(entry.kind.at_most - self.used.get(entry.kind.name, 0), 0)
        return rows[:room], rows[room:]

    def _write(
        self, entry: Entry, rows: Ints, forged: pl.Series, others: dict[str, pl.Series]
    ) -> None:  # fmt: skip
        name = entry.column.name
        if entry.kind.copies:
            last = self.table.height
            place = rows + 0.5 + self.rng.random(len(rows)) * (last - rows - 0.5).clip(0)
            copy = self.table[rows].with_columns(pl.Series(name, forged), _place=pl.Series(place))
            self.copies.append(copy)
            self._record(entry, copy, forged)
            if entry.kind.copies == "conflict":
                original = self.table[rows]
                self._record(entry, original, original[name])
            return
        original = self.table[rows]
        column = self.table[name].scatter(rows, forged)
        changes = [column, *(self.table[n].scatter(rows, told) for n, told in others.items())]
        if entry.kind.name == "spouses_swapped":
            mine = original[name]
            changes.append(self.table["wife_resident_id"].scatter(rows, mine))
        self.table = self.table.with_columns(changes)
        self._record(entry, original, forged)

    def _record(self, entry: Entry, rows: pl.DataFrame, written: pl.Series) -> None:
        key = pl.concat_str([pl.col(c.name) for c in self.contract.key], separator="|")
        self.hits.append(
            rows.select(
                pl.col("_place"), key.alias("record_key"), "_pid", "_pid2", "_eid",
                column=pl.lit(entry.column.name),
                damage=pl.lit(entry.kind.name),
                rule_id=pl.lit(entry.kind.rule_id, dtype=pl.String),
                outcome=pl.lit(entry.outcome),
                is_harmless=pl.lit(entry.kind.is_harmless),
                columns=pl.lit(entry.kind.columns, dtype=pl.Int64),
            ).with_columns(written=written.str.replace_many(list(_MARKS), list(_MARKS.values())))
        )  # fmt: skip

    def result(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The table as it will be written, and the hits with their lines."""
        if not self.hits:
            return self.table.drop("_place"), NO_HITS
        whole = pl.concat([self.table, *self.copies]).sort("_place", maintain_order=True)
        first = self.habit.first_line
        lines = whole.select("_place", line=pl.arange(first, first + whole.height))
        hits = pl.concat(self.hits).join(lines, on="_place", how="left", validate="m:1")
        hits = hits.select([pl.col(n).cast(t) for n, t in _HITS.items()]).sort("line", "damage")
        return whole.drop("_place"), hits


class _Turns:
    """Kinds take turns; the columns that a kind fits take turns within it."""

    def __init__(self, entries: tuple[Entry, ...], rng: np.random.Generator) -> None:
        kinds: dict[str, list[Entry]] = {}
        for entry in entries:
            kinds.setdefault(entry.kind.name, []).append(entry)
        self.kinds = list(kinds.values())
        self.order = rng.permutation(len(self.kinds))
        self.offset = rng.integers(0, 100, len(self.kinds))

    def deal(self, size: int, shift: int) -> list[tuple[Entry, Ints]]:
        """Every entry that has a turn, with the places of its rows."""
        places, count = np.arange(size), len(self.kinds)
        kind = self.order[(places + shift) % count]
        widths = np.asarray([len(entries) for entries in self.kinds])
        column = (places // count + shift + self.offset[kind]) % widths[kind]
        dealt = []
        for number in np.unique(kind):
            for at, entry in enumerate(self.kinds[number]):
                chosen = places[(kind == number) & (column == at)]
                if len(chosen):
                    dealt.append((entry, chosen))
        return dealt


def damaged(
    contract: ExtractContract, habit: Habit, table: pl.DataFrame, rng: np.random.Generator,
    *, rate: float, day: date, book: str | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Damage a share of the rows, at most one damage for each row.

    The kinds take turns, so that a file with enough rows shows all of them. Rows that say a
    record is deleted are left alone.

    Args:
        contract: of the extract.
        habit: of the department.
        table: rows as text, hidden columns beside.
        rng: of this file.
        rate: share of the rows.
        day: the business date.
        book: where several departments deliver the extract, whose it is.

    Returns:
        The rows as they will be written (copies included) and one row for each damaged line.
    """
    eligible = np.arange(table.height)
    if habit.damage_only:
        eligible = eligible[table[contract.key[0].name].str.contains(habit.damage_only).to_numpy()]
    if "operation" in table.columns:
        eligible = eligible[(table["operation"] != "D").to_numpy()]
    count = int(rate * len(eligible) + rng.random()) if rate > 0 else 0
    rows = ints(rng.permutation(eligible)[:count])
    dealer = _Dealer(contract, habit, table, rng, day)
    turns = _Turns(menu(book or contract.id, is_jsonl=habit.is_jsonl), rng)
    for shift in range(_ROUNDS):
        if not len(rows):
            break
        left = [dealer.offer(entry, rows[at]) for entry, at in turns.deal(len(rows), shift)]
        rows = np.concatenate(left)
    return dealer.result()
