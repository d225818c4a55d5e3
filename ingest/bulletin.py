"""The wide monthly bulletin: sheets whose layout is found, turned into the contract's rows.

A sheet is one division and one period. Title rows, notes, headings and repeated headers are
skipped; whatever number cannot be placed refuses the delivery with its sheet and cell named. The
loop over rows is deliberate: a line means something only after those before it (其中：工业), and a
bulletin has some dozens of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from catalog import ExtractContract
from ingest.bulletin_header import Cells, Header, find_header, is_number, squeezed
from ingest.bulletin_title import Title, read_title
from ingest.clean import Context
from ingest.headers import RETURN_LINE, RETURN_RECEIPT
from ingest.indicators import Indicators, comparable, indicators
from ingest.refusal import Refusal
from ingest.sheet import LoadedSheet, kind_of, load_sheets, read_workbook
from ingest.table import SHEET_STEP, Table

_MOST_CELLS = 1_000_000
_NOTE = re.compile(
    r"[*※]?(?:注\d*[:、.]|注明|备注|说明|附注|资料来源|数据来源|来源[:]|填表|填报|制表|审核|复核|单位负责人|统计负责人"
    r"|联系|发布日期|发布时间|公布日期|报出日期|续表|[(]续)"
)
_DITTO = frozenset(('"', "''", "〃", "同上", "″"))
_LONG_FRACTION = re.compile(r"[-+]?\d+\.\d{7,}")
_COLUMNS = {"current": "current_value", "cumulative": "cumulative_value", "yoy": "yoy_percent",
            "current_yoy": "current_yoy_percent", "mom": "mom_percent"}  # fmt: skip
_IN_PERCENT = ("yoy", "current_yoy", "mom")


def read_bulletin(
    raw: bytes, contract: ExtractContract, max_unpacked: int, context: Context
) -> Table:
    """Read a bulletin; a corrected 退回明细 of one is an ordinary table and read as such.

    Raises:
        Refusal: as `load_sheets`; no sheet has a bulletin's header; a sheet has no period or
            division; a cell cannot be placed.
    """
    sheets = [
        s for s in load_sheets(raw, max_unpacked, with_columns=True)
        if s.is_visible and s.frame.height
    ]  # fmt: skip
    if any(_is_return(sheet) for sheet in sheets):
        return read_workbook(raw, contract, max_unpacked)
    known = indicators(context.catalog)
    records: list[dict[str, str | None]] = []
    lines: list[int] = []
    found = skipped = 0
    for sheet in sheets:
        reader = _Sheet(sheet, known, context)
        own = reader.read()
        found += reader.header is not None
        filled = int(sheet.filled.sum() or 0)
        if filled != len(own) + reader.skipped:
            raise Refusal("R-FILE-13", f"工作表“{sheet.name}”的行数核对不平")
        skipped += reader.skipped
        records += [record for _, record in own]
        lines += [sheet.position * SHEET_STEP + row + 1 for row, _ in own]
    if not found:
        raise Refusal("R-COL-01", f"工作簿中没有“{contract.title_cn}”的表头（指标、本月、累计……）")
    titles = {column.name: column.title_cn for column in contract.columns}
    # columns beside (备注): no contract has them, the receipt says so
    names = [*titles, *dict.fromkeys(n for r in records for n in r if n not in titles)]
    data = {str(i): [r.get(name) for r in records] for i, name in enumerate(names)}
    return Table(
        headers=tuple(titles.get(name, name) for name in names),
        cells=pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)),
        lines=pl.Series("line", lines, dtype=pl.Int64),
        broken=(),
        skipped=skipped,
        read=len(records),
        encoding=kind_of(raw),
    )


def _is_return(sheet: LoadedSheet) -> bool:
    first = {(text or "").strip() for text in sheet.frame.row(0)}
    return {RETURN_RECEIPT, RETURN_LINE} <= first


@dataclass
class _Line:
    """A line that was understood, as parent of others."""

    indent: int
    name: str


class _Sheet:
    """One sheet while it is read."""

    def __init__(self, sheet: LoadedSheet, known: Indicators, context: Context) -> None:
        """Find header and title.

        Raises:
            Refusal: the sheet is no bulletin but holds numbers, or its title does not tell enough.
        """
        self.sheet, self.known, self.context = sheet, known, context
        if sheet.frame.height * sheet.frame.width > _MOST_CELLS:
            raise Refusal("R-MAC-11", f"工作表“{sheet.name}”过大，不是月报的版式")
        self.rows: list[Cells] = list(sheet.frame.iter_rows())
        self.skipped = 0
        self.header: Header | None = find_header(self.rows)
        self.lines: list[_Line] = []
        self.last: str | None = None
        self.heading = ""
        self.unit_before: str | None = None

    def read(self) -> list[tuple[int, dict[str, str | None]]]:
        """The records of the sheet, with their rows from 0."""
        if self.header is None:
            self._only_text()
            return []
        title = read_title(self.sheet.name, self.rows, self.header, self.context, self.cell)
        self.roles = title.roles
        self.skipped = sum(map(_is_filled, self.rows[: self.header.last + 1]))
        records = []
        for at in range(self.header.last + 1, len(self.rows)):
            if not _is_filled(self.rows[at]):
                continue
            record = self._record(at, title)
            if record is None:
                self.skipped += 1
            else:
                records.append((at, record))
        return records

    def _only_text(self) -> None:
        """A cover or a page of notes has no numbers."""
        for at, row in enumerate(self.rows):
            if not _is_filled(row):
                continue
            self.skipped += 1
            for column, text in enumerate(row):
                if is_number(text):
                    raise Refusal(
                        "R-MAC-11",
                        f"{self.cell(at, column)}有数，但没有找到表头（指标、本月、累计……）",
                    )

    def cell(self, row: int, column: int) -> str:
        """A cell as a clerk finds it: 工作表“耀州区”单元格 C7."""
        number, letters = column + self.sheet.first_column + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"工作表“{self.sheet.name}”单元格 {letters}{row + 1}"

    def _record(self, at: int, title: Title) -> dict[str, str | None] | None:
        """The record of a row; None for notes, headings and repeated headers."""
        assert self.header is not None
        row = self.rows[at]
        names = [(c, row[c] or "") for c in self.header.name_columns if squeezed(row[c])]
        others = [
            c for c, text in enumerate(row)
            if c not in self.header.name_columns and squeezed(text)
        ]  # fmt: skip
        numbers = [c for c in others if is_number(row[c])]
        leading = squeezed(next(text for text in row if squeezed(text)))
        if _NOTE.match(leading) or self._is_header(row):
            if numbers and not self._is_header(row):
                raise Refusal("R-MAC-11", f"{self.cell(at, numbers[0])}在附注行中")
            return None
        if not names:
            if numbers or any(c in self.roles for c in others):
                raise Refusal("R-MAC-11", f"{self.cell(at, others[0])}没有指标名称")
            return None
        stray = [c for c in others if c not in self.roles]
        if stray and len(stray) < len(others):
            raise Refusal("R-MAC-11", f"{self.cell(at, stray[0])}没有可以识别的表头")
        if len(names) > 1:
            raise Refusal("R-MAC-11", f"{self.cell(at, names[1][0])}与指标名称并列，无法识别")
        if stray and numbers:
            raise Refusal("R-MAC-11", f"{self.cell(at, numbers[0])}没有可以识别的表头")
        if not others and is_number(names[0][1]):
            raise Refusal("R-MAC-11", f"{self.cell(at, names[0][0])}是数，不是指标名称")
        if len(stray) == len(others):  # a heading, or text alone over several cells
            self._head(names[0])
            return None
        return self._named(at, names[0], title)

    def _is_header(self, row: Cells) -> bool:
        assert self.header is not None
        told = [squeezed(text) for text in row]
        upper = self.rows[: self.header.last + 1]
        return told in [[squeezed(text) for text in line] for line in upper]

    def _head(self, name: tuple[int, str]) -> None:
        """A name without values: the heading of what follows, or the first half of a name."""
        self.lines = [line for line in self.lines if line.indent < _indent(name)]
        self.lines.append(_Line(_indent(name), name[1]))
        self.heading = name[1]
        told = self.known.candidates(name[1])
        self.last = told[0] if told else None

    def _named(self, at: int, name: tuple[int, str], title: Title) -> dict[str, str | None]:
        assert self.header is not None
        row = self.rows[at]
        by_role: dict[str, str | None] = {role: row[c] for c, role in self.roles.items()}
        text, unit = self._unit(name[1].strip(), by_role.get("unit"), title.unit)
        text, parent = self._parent(text, unit, _indent(name))
        code = self.known.resolve(text, unit, parent)
        if unit is None and code and self._is_growth_alone(by_role):
            unit = self.known.rows[code]["unit"]  # of no level: the header gives that of growth
        record: dict[str, str | None] = {
            "division_code": title.division,
            "period": title.period.strftime("%Y-%m"),
            "released_date": title.released.isoformat(),
            "indicator_name": text,
            "parent_name": parent,
            "unit": unit,
        }
        for column, role in self.roles.items():
            if role == "aside":
                record[self.header.labels[column]] = row[column]
        for kind, told in _COLUMNS.items():
            record[told] = _value(by_role.get(kind), kind in _IN_PERCENT)
        self.lines = [line for line in self.lines if line.indent < _indent(name)]
        self.lines.append(_Line(_indent(name), text))
        self.heading = ""
        self.last = code or self.last
        return record

    def _is_growth_alone(self, by_role: dict[str, str | None]) -> bool:
        """Whether a line has nothing but growth, under headers that say per cent."""
        assert self.header is not None
        filled = {role for role, text in by_role.items() if role in _COLUMNS and is_number(text)}
        labels = [self.header.labels[c] for c, role in self.roles.items() if role in filled]
        return filled <= set(_IN_PERCENT) and bool(labels) and all("%" in t for t in labels)

    def _unit(self, name: str, given: str | None, default: str | None) -> tuple[str, str | None]:
        """Name and unit: of the unit's column, else in brackets behind the name, else above."""
        unit = (given or "").strip() or None
        if unit in _DITTO:
            unit = self.unit_before
        bare, inner = self.known.split(name)
        if inner is not None:
            same = self.known.unit(unit)
            if unit is None or (same is not None and same["code"] == inner["code"]):
                name, unit = bare, unit or inner["code"]
        self.unit_before = unit or default
        return name, unit or default

    def _parent(self, name: str, unit: str | None, indent: int) -> tuple[str, str | None]:
        """The name (completed by its first half above) and the parent that gives it its meaning."""
        above = [line.name for line in self.lines if line.indent < indent]
        is_part = squeezed(name).startswith(("其中", "#"))
        if is_part and not above and self.lines:
            above = [self.lines[0].name]
        for parent in reversed(above):
            for code in self.known.candidates(parent):
                if (code, comparable(name)) in self.known.children:
                    return name, self.known.rows[code]["name"]
        if self.known.candidates(name):
            return name, None
        nearest = self.last
        while nearest:
            if (nearest, comparable(name)) in self.known.children:
                return name, self.known.rows[nearest]["name"]
            nearest = self.known.rows[nearest]["parent"] or None
        whole = self.heading.strip() + name
        if self.heading and self.known.resolve(whole, unit, None):
            return whole, None
        return name, above[-1].strip() if above else None


def _is_filled(row: Cells) -> bool:
    return any(text for text in row)


def _indent(name: tuple[int, str]) -> int:
    column, text = name
    blanks = len(text) - len(text.lstrip())
    return 100 * column + sum(2 if c == "\u3000" else 1 for c in text[:blanks])


def _value(text: str | None, in_percent: bool) -> str | None:
    """A cell's text; what a binary fraction adds behind six decimals is rounded off."""
    if text is None:
        return None
    plain = "".join(text.split())
    if in_percent:
        plain = plain.removesuffix("%").removesuffix("％")
    if _LONG_FRACTION.fullmatch(plain):
        return f"{round(float(plain), 6):.6f}"
    return plain or None
