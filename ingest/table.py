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


# How lines begin that stand below a table and are no records: totals, signatures, notes, page ends.
TOTAL_LINE = (
    r"^[（(【*＊\x22\s]*(?:"
    r"(?:本页|本月|全市)?\s*[合总小共累]\s*计|共\s*[0-9]+\s*[条行户人笔家项页]"
    # with a colon where the word could begin the number of a document (审核〔2018〕5 号)
    r"|(?:填表|制表|填报|审核|复核|经办|负责|联系|打印|统计截止|截止)(?:人|单位|电话|时间|日期)?\s*[:：]"
    r"|(?:填表|制表|填报|审核|单位负责)人|(?:填报|制表)(?:单位|时间|日期)|单位\s*[（(]\s*盖章|日期\s*[:：]"
    r"|备\s*注|说\s*明|注\s*[0-9]*\s*(?:[:：）)]|$)|(?:数据|资料)来源|以下空白|第\s*[0-9]+\s*页"
    r")"
)
