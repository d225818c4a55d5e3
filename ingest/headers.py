"""Finding the header line and mapping its cells to the contract's columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog import ExtractContract
from ingest.refusal import Refusal

# What a 退回明细 adds to the delivery's own columns. The first two say which row is replaced.
RETURN_RECEIPT, RETURN_LINE = "回执号", "行号"
RETURN_HEADERS = (RETURN_RECEIPT, RETURN_LINE, "问题列", "规则", "原因", "处理办法")
SEARCHED_LINES = 20
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True)
class Mapping:
    """Which file column holds which contract column.

    Attributes:
        positions: file column of each contract column that is there.
        receipt, line: file columns of a corrected return, or None.
        missing_optional: names of contract columns that the file lacks.
        unknown: header texts that no contract column has.
    """

    positions: dict[str, int]
    receipt: int | None
    line: int | None
    missing_optional: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_return(self) -> bool:
        """Whether the file is a corrected 退回明细."""
        return self.receipt is not None and self.line is not None


def plain(header: str) -> str:
    """A header without what departments add to it: spaces, width, quotes, a required mark."""
    text = unicodedata.normalize("NFKC", header).translate(_ZERO_WIDTH)
    return "".join(text.split()).strip("\"'*:").upper()


@lru_cache(maxsize=64)
def _known(contract: ExtractContract) -> dict[str, str]:
    names = {plain(c.name): c.name for c in contract.columns}
    return names | {plain(h): c.name for c in contract.columns for h in c.headers}


def column_of(contract: ExtractContract, header: str) -> str | None:
    """The contract column that a header stands for, or None."""
    return _known(contract).get(plain(header))


def recognised(contract: ExtractContract, cells: Sequence[str]) -> int:
    """How many of the cells are headers of the contract."""
    known = _known(contract)
    return len({known[p] for c in cells if c and (p := plain(c)) in known})


def is_header(contract: ExtractContract, cells: Sequence[str]) -> bool:
    """Whether a line is the header.

    At least half of its cells, and three of them (or all that the contract has), are headers of
    the contract. What a 退回明细 adds does not count.
    """
    filled = [c for c in cells if c and c.strip() and c.strip() not in RETURN_HEADERS]
    found = recognised(contract, filled)
    return found >= min(3, len(contract.columns)) and found * 2 >= len(filled)


def map_headers(contract: ExtractContract, headers: Sequence[str]) -> Mapping:
    """Map the header cells.

    Raises:
        Refusal: a header stands twice, or a required column is missing.
    """
    known = _known(contract)
    positions: dict[str, int] = {}
    extra: dict[str, int] = {}
    unknown: list[str] = []
    for position, header in enumerate(headers):
        if not header or not header.strip():
            continue
        name = known.get(plain(header))
        if name is None and header.strip() in RETURN_HEADERS:
            extra[header.strip()] = position
        elif name is None:
            unknown.append(header.strip())
        elif name in positions:
            title = contract.by_name[name].title_cn
            raise Refusal("R-COL-05", f"“{title}”列出现了两次")
        else:
            positions[name] = position
    if len(set(unknown)) != len(unknown):
        raise Refusal("R-COL-05", "有合同之外的列名出现了两次")
    missing = [c for c in contract.columns if c.name not in positions]
    required = [c.title_cn for c in missing if c.required]
    if required:
        raise Refusal("R-COL-02", "缺少必需的列：" + "、".join(required))
    return Mapping(
        positions,
        extra.get(RETURN_RECEIPT),
        extra.get(RETURN_LINE),
        tuple(c.name for c in missing),
        tuple(unknown),
    )
