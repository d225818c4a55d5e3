"""The truth of statistics: every release of every value as `macro_economy.observation` tells it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from simulator.statistics import Statement

_POINT = ("indicator_code", "division_code", "period", "value_kind", "measure")
_SCHEMA: dict[str, pl.DataType] = {
    **dict.fromkeys(_POINT, pl.String()), "released_date": pl.Date(), "hundredths": pl.Int64(),
    "unit": pl.String(), "is_derived": pl.Boolean(), "is_fully_delivered": pl.Boolean(),
}  # fmt: skip
_AMOUNTS = ("亿元", "亿千瓦时", "万吨")
_Key = tuple[str, str, str]


def observations_at(statements: Iterable[Statement], night: int, lost: set[int]) -> pl.DataFrame:
    """Published and derived values at the end of a night, in hundredths of `unit`.

    Args:
        statements: what every row states.
        night: the last night that counts.
        lost: rows that the warehouse cannot know fully; what depends on them is in doubt.
    """
    told = [s for s in statements if s.night <= night]
    rows: list[tuple[object, ...]] = []
    known: dict[tuple[object, ...], list[Statement]] = {}
    for s in told:
        told_at = (s.indicator_code, s.division_code, s.period, s.value_kind, s.measure, s.released)
        known.setdefault(told_at, []).append(s)
    for point, same in known.items():
        sure = not any(s.row in lost for s in same)
        rows.append((*point, same[0].hundredths, same[0].unit, False, sure))
    rows += _derived(told, lost)
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(*_POINT, "released_date")


def _derived(told: list[Statement], lost: set[int]) -> list[tuple[object, ...]]:
    """Cumulative less the one before, at each release of either, where no month was published.

    Of January and of a first quarter the cumulative level is the value.
    """
    published = {
        (s.indicator_code, s.division_code, s.period)
        for s in told if s.value_kind == "current" and s.measure == "level"
    }  # fmt: skip
    levels: dict[_Key, list[Statement]] = {}
    for s in sorted(told, key=lambda s: (s.released, s.row)):
        if s.value_kind == "cumulative" and s.measure == "level" and s.unit in _AMOUNTS:
            levels.setdefault((s.indicator_code, s.division_code, s.period), []).append(s)
    rows: list[tuple[object, ...]] = []
    for key, until in levels.items():
        is_first = int(key[2][5:]) == 1
        before = levels.get((key[0], key[1], _previous(key[2])), [])
        if key in published or not (before or is_first):
            continue
        sure = not any(s.row in lost for s in (*until, *before))
        for day in sorted({s.released for s in (*until, *before)}):
            last = [[s for s in some if s.released <= day] for some in (until, before)]
            if last[0] and (last[1] or is_first):
                alone = last[0][-1].hundredths - (0 if is_first else last[1][-1].hundredths)
                rows.append((*key, "current", "level", day, alone, until[0].unit, True, sure))
    return rows


def _previous(period: str) -> str:
    """The period before in the same year; one that never is, of the first."""
    year, step = period[:4], int(period[5:])
    return f"{year}Q{step - 1}" if period[4] == "Q" else f"{year}-{step - 1:02d}"
