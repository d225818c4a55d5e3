"""What a reader hands on: text cells with their line numbers, and the lines it could not read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# Sheet rows get a line number of their own: sheet k (from 1), row r → (k - 1) * SHEET_STEP + r.
SHEET_STEP = 10_000_000


@dataclass(frozen=True)
class BrokenLine:
    """A physical line that is no record: its number, the rule, and its text (private)."""

    line: int
    rule_id: str
    text: str


@dataclass(frozen=True)
class Table:
    """One file as text.

    Attributes:
        headers: the header cells as they stand, in file order.
        cells: one String column per header, named `0`, `1`, …; an empty cell is NULL.
        lines: Int64, the line (or sheet row, see `SHEET_STEP`) of each record.
        broken: lines that hold no readable record.
        skipped: title, note and total lines.
        read: records by the independent count: rows of `cells` plus broken lines.
    """

    headers: tuple[str, ...]
    cells: pl.DataFrame
    lines: pl.Series
    broken: tuple[BrokenLine, ...]
    skipped: int
    read: int
    encoding: str | None
    delimiter: str | None = None


TOTAL_MARKERS = (
    "合计", "总计", "小计", "共计", "填表人", "制表人", "审核人", "填报人", "填报单位", "填报时间",
    "填报日期", "制表日期", "制表时间", "单位负责人", "备注", "说明", "注:", "注：", "数据来源",
)  # fmt: skip
