"""What a reader hands on: text cells with their line numbers, and the lines it could not read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# Sheet rows get a line number of their own: sheet k (from 1), row r → (k - 1) * SHEET_STEP + r.
SHEET_STEP = 10_000_000
_WORKBOOKS = ("xlsx", "xls")
_ON_SHEET = r"^工作表(\d+)[!！](\d+)$"


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

    @property
    def is_workbook(self) -> bool:
        """Whether lines are rows of sheets (else a line may be larger than `SHEET_STEP`)."""
        return self.encoding in _WORKBOOKS


def shown_lines(lines: pl.Series, *, is_workbook: bool) -> pl.Series:
    """Line numbers as clerks read them: the row alone, and on a further sheet `工作表2!15`."""
    plain = lines.cast(pl.String)
    if not is_workbook or not (lines > SHEET_STEP).any():
        return plain
    sheet, row = (lines // SHEET_STEP + 1).cast(pl.String), (lines % SHEET_STEP).cast(pl.String)
    named = "工作表" + sheet + "!" + row
    return pl.select(pl.when(lines > SHEET_STEP).then(named).otherwise(plain)).to_series()


def line_numbers(shown: pl.Series) -> pl.Series:
    """The line numbers that `shown_lines` showed (or the plain numbers); NULL for other texts."""
    text = shown.str.strip_chars()
    parts = pl.DataFrame({"p": text.str.extract_groups(_ON_SHEET)}).unnest("p")
    sheet, row = (parts[name].cast(pl.Int64, strict=False) for name in parts.columns)
    fits = (sheet > 0) & (row > 0) & (row < SHEET_STEP)
    on_sheet = pl.select(pl.when(fits).then((sheet - 1) * SHEET_STEP + row)).to_series()
    return text.cast(pl.Int64, strict=False).fill_null(on_sheet)


TOTAL_MARKERS = (
    "合计", "总计", "小计", "共计", "填表人", "制表人", "审核人", "填报人", "填报单位", "填报时间",
    "填报日期", "制表日期", "制表时间", "单位负责人", "备注", "说明", "注:", "注：", "数据来源",
)  # fmt: skip
