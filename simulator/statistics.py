"""What the statistics office and the finance bureau publish, and what it says.

Rows go into the books; beside each row stands what it states, for the truth: series point,
date of release and value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from simulator.economy import BY_CODE, CITY, DIVISIONS, LINES, Indicator, decimal, growth, level
from simulator.town import Town

BULLETIN = "macro_economy/monthly_bulletin"
VALUES = "macro_economy/indicator_value"
FISCAL = "macro_economy/fiscal_monthly"
FIRST_STATEMENT = 40_000_000
_CYCLE = 30
_KINDS = {"current": "当期", "cumulative": "累计", "stock": "期末"}
_ITEMS = (("1", "一般公共预算收入合计", "FIN_REV"), ("101", "税收收入", "TAX_REV"))


@dataclass(frozen=True)
class Statement:
    """A value that a row states; `row` is the row's `_eid`, `hundredths` of the own unit."""

    row: int
    night: int
    indicator_code: str
    division_code: str
    period: str
    value_kind: str
    measure: str
    released: date
    hundredths: int
    unit: str


def statistics_nights(extract: str, nights: int) -> list[int]:
    """Bulletins come and are revised on the first three nights of a month of nights."""
    due = {BULLETIN: (0, 1, 2), VALUES: (0, 2), FISCAL: (0,)}[extract]
    return [night for night in range(1, nights + 1) if (night - 1) % _CYCLE in due]


def publish(town: Town) -> None:
    """Write the books of the three extracts and the statements of their rows."""
    for night in statistics_nights(BULLETIN, town.books.nights):
        _Night(town, night).bulletin((night - 1) % _CYCLE + 1)
    for night in statistics_nights(VALUES, town.books.nights):
        writer = _Night(town, night)
        if night == 1:
            writer.history()
        elif (night - 1) % _CYCLE:
            writer.revision()
        else:
            writer.quarter(writer.released.year - 1, 4, writer.released, night)
        writer.write(VALUES)
    for night in statistics_nights(FISCAL, town.books.nights):
        _Night(town, night).fiscal()


class _Night:
    """The rows of one night while they are written."""

    def __init__(self, town: Town, night: int) -> None:
        """The month told is the one before the night's."""
        self.town, self.night, self.seed = town, night, town.seed
        self.released = town.books.day(night)
        before = self.released.year * 12 + self.released.month - 2
        self.year, self.month = before // 12, before % 12 + 1
        self.rows: list[dict[str, str | int | date]] = []

    def write(self, extract: str) -> None:
        """Put the rows into the book."""
        self.town.books.add(extract, pl.DataFrame(self.rows), night=self.night)

    def _row(self, **cells: str | date) -> int:
        number = FIRST_STATEMENT + int(self.town.next_numbers("statements", 1)[0])
        self.rows.append({**cells, "_eid": number})
        return number

    def _state(self, row: int, line: Indicator, division: str, period: str, kind: str,
               measure: str, released: date, hundredths: int) -> None:  # fmt: skip
        unit = line.own_unit if measure == "level" else "%"
        self.town.statements.append(
            Statement(row, self.night, line.code, division, period, kind, measure, released,
                      hundredths, unit)
        )  # fmt: skip

    def bulletin(self, release: int) -> None:
        """The month's bulletin, or its revision."""
        for division in DIVISIONS:
            for line in LINES:
                if division == CITY or not line.city_only:
                    self._line(line, division, release)
        self.write(BULLETIN)

    def _line(self, line: Indicator, division: str, release: int) -> None:
        quarter = self.month // 3
        period = f"{self.year}Q{quarter}" if line.is_quarterly else f"{self.year}-{self.month:02d}"
        told: dict[str, str] = {"current_value": "", "cumulative_value": "", "yoy_percent": ""}
        states: list[tuple[str, str, int]] = []
        if not line.is_quarterly or self.month % 3 == 0:
            place = (self.seed, line, division, self.year, self.month, release)
            alone, until = level(*place)
            if line.kind in ("flow", "index", "stock"):
                told["current_value"] = decimal(alone, line.factor)
                states.append(("stock" if line.kind == "stock" else "current", "level", alone))
            if line.kind in ("flow", "index", "total"):
                told["cumulative_value"] = decimal(until, line.factor)
                states.append(("cumulative", "level", until))
            if line.kind != "index":
                grown = growth(*place)
                told["yoy_percent"] = decimal(grown)
                states.append(("stock" if line.kind == "stock" else "cumulative", "yoy", grown))
        row = self._row(
            division_code=division, period=f"{self.year}-{self.month:02d}",
            released_date=self.released, indicator_name=line.shown,
            unit=line.unit or line.own_unit, **told,
        )  # fmt: skip
        for kind, measure, hundredths in states:
            self._state(row, line, division, period, kind, measure, self.released, hundredths)

    def _value(self, line: Indicator, division: str, period: str, measure: str, released: date,
               hundredths: int | None, factor: int = 1, unit: str = "") -> None:  # fmt: skip
        own = line.own_unit if measure == "level" else "%"
        row = self._row(
            indicator_code=line.code, indicator_name=line.shown.lstrip("一二三四五六七八九十、"),
            division_code=division, period=period, value_kind=_KINDS["cumulative"],
            measure="总量" if measure == "level" else "同比",
            value="" if hundredths is None else decimal(hundredths, factor),
            unit=unit or own, released_date=released,
        )  # fmt: skip
        if hundredths is not None:
            self._state(row, line, division, period, "cumulative", measure, released, hundredths)

    def quarter(self, year: int, quarter: int, released: date, release: int) -> None:
        """GDP of every division until a quarter, level and growth."""
        line = BY_CODE["GDP"]
        for division in DIVISIONS:
            place = (self.seed, line, division, year, 3 * quarter, release)
            period = f"{year}Q{quarter}"
            self._value(line, division, period, "level", released, level(*place)[1])
            self._value(line, division, period, "yoy", released, growth(*place))

    def history(self) -> None:
        """Two years of quarters, the first of them revised since; a year of months."""
        this = self.released.year
        for year in (this - 2, this - 1):
            for quarter in range(1, 5):
                month = 3 * quarter + 1
                told = date(year + (month > 12), month % 12 or 12, 20)
                self.quarter(year, quarter, told, 1)
                if year == this - 2:
                    self.quarter(year, quarter, date(this, 1, 10), 2)
        line, year = BY_CODE["RETAIL"], this - 1
        self._value(line, CITY, f"{year}-01", "level", date(year, 3, 15), None)  # with February
        for month in range(2, 13):
            until = level(self.seed, line, CITY, year, month, 1)[1]
            told = date(year + (month == 12), month % 12 + 1, 15)
            self._value(line, CITY, f"{year}-{month:02d}", "level", told, until, 10_000, "万元")

    def revision(self) -> None:
        """The quarters of the year before, told anew."""
        for quarter in range(1, 5):
            self.quarter(self.released.year - 1, quarter, self.released, self.night)

    def fiscal(self) -> None:
        """Totals and taxes of the month, in 万元."""
        period = f"{self.year}-{self.month:02d}"
        for division in DIVISIONS:
            for item, name, code in _ITEMS:
                line = BY_CODE[code]
                alone, until = level(self.seed, line, division, self.year, self.month, 1)
                row = self._row(
                    budget_item_code=item, budget_item_name=name, flow="收入",
                    division_code=division, period=period, released_date=self.released,
                    current_amount=decimal(alone, 10_000), cumulative_amount=decimal(until, 10_000),
                    budget_amount="",
                )  # fmt: skip
                for kind, told in (("current", alone), ("cumulative", until)):
                    self._state(row, line, division, period, kind, "level", self.released, told)
        self.write(FISCAL)
