"""The town's economy: levels and growth of a few indicators, month by month, release by release.

Everything is told in hundredths of the indicator's unit, so that numbers are exact. A release
moves a level by some hundredths of a per cent and never makes a year fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.randomness import stream

Kind = Literal["flow", "total", "growth", "index", "stock"]
CITY = "610200"
# Shares of the city; the New Area is counted beside 耀州.
DIVISIONS = {CITY: 1.0, "610202": 0.22, "610203": 0.20, "610204": 0.38, "610222": 0.08,
             "LOCAL-XQ": 0.12}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One line of the bulletin.

    Attributes:
        shown: its name as the bulletin writes it, with indentation.
        unit: as the bulletin writes it; `factor` of it make one of the indicator's own.
        kind: `flow` has month and cumulative, `total` only cumulative, `growth` no level at all.
        yearly: its yearly level (or its level, of stocks and indices) in its own unit.
        is_quarterly: whether only quarters are published.
        is_leaf: whether no other line depends on its name.
    """

    code: str
    shown: str
    own_unit: str
    kind: Kind
    yearly: float
    unit: str = ""
    factor: int = 1
    is_quarterly: bool = False
    is_leaf: bool = True
    city_only: bool = False


LINES = (
    Indicator("GDP", "一、地区生产总值（GDP）", "亿元", "total", 340, is_quarterly=True,
              is_leaf=False),
    Indicator("GDP_P1", "　　第一产业", "亿元", "total", 25, is_quarterly=True, is_leaf=False),
    Indicator("GDP_P2", "　　第二产业", "亿元", "total", 175, is_quarterly=True, is_leaf=False),
    Indicator("GDP_IND", "　　　　其中：工业", "亿元", "total", 150, is_quarterly=True,
              is_leaf=False),
    Indicator("GDP_P3", "　　第三产业", "亿元", "total", 140, is_quarterly=True, is_leaf=False),
    Indicator("IVA_YOY", "二、规模以上工业增加值", "%", "growth", 0),
    Indicator("FAI_YOY", "三、固定资产投资(不含农户)", "%", "growth", 0, is_leaf=False),
    Indicator("RETAIL", "四、社会消费品零售总额", "亿元", "flow", 130),
    Indicator("FIN_REV", "五、地方财政收入", "亿元", "flow", 22, "万元", 10_000, is_leaf=False),
    Indicator("TAX_REV", "　　#税收收入", "亿元", "flow", 15, "万元", 10_000, is_leaf=False),
    Indicator("DEPOSIT", "六、金融机构人民币各项存款余额", "亿元", "stock", 620),
    Indicator("CPI_YOY", "七、居民消费价格指数", "上年同月=100", "index", 102, city_only=True),
    Indicator("ELEC_TOTAL", "八、全社会用电量", "亿千瓦时", "flow", 60, is_leaf=False),
    Indicator("ELEC_IND", "其中：工业", "亿千瓦时", "flow", 45, "万千瓦时", 10_000, is_leaf=False),
    Indicator("COAL_OUT", "九、原煤产量", "万吨", "flow", 900),
    Indicator("TRADE", "十、进出口总值", "亿元", "flow", 9),
)  # fmt: skip
BY_CODE = {line.code: line for line in LINES}


def _months(seed: int, line: Indicator, division: str, year: int) -> list[int]:
    """What each month adds, in hundredths; the yearly level grows by 6 % a year."""
    rng = stream(seed, f"economy {line.code} {division}", year)
    yearly = line.yearly * DIVISIONS[division] * 1.06 ** (year - 2018)
    return [max(int(yearly * 100 / 12 * share), 1) for share in rng.uniform(0.7, 1.3, 12)]


def level(
    seed: int, line: Indicator, division: str, year: int, month: int, release: int
) -> tuple[int, int]:
    """The month alone and January to the month (both the balance, of a stock), in hundredths."""
    if line.kind == "index":
        rng = stream(seed, "prices", year, month, release)
        return 10_000 + 10 * int(rng.integers(5, 35)), 10_000 + 10 * int(rng.integers(5, 35))
    months = _months(seed, line, division, year)
    moved = int(sum(months[:month]) * 0.003 * (release - 1))
    if line.kind == "stock":
        balance = int(line.yearly * DIVISIONS[division] * 100) + months[month - 1] // 50 + moved
        return balance, balance
    return months[month - 1] + moved, sum(months[:month]) + moved


def growth(seed: int, line: Indicator, division: str, year: int, month: int, release: int) -> int:
    """Growth on the year before in hundredths of a per cent, by tenths; sometimes negative."""
    rng = stream(seed, f"growth {line.code} {division}", year, month, release)
    return 10 * int(rng.integers(-40, 120))


def decimal(hundredths: int, factor: int = 1) -> str:
    """Hundredths as a decimal number, in a unit of which `factor` make one of the own."""
    if factor > 1:
        return str(hundredths * factor // 100)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}"
