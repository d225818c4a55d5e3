"""Finding the header line and mapping its cells to the contract's columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog import ExtractContract, Form
from ingest.forms import form_of
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
        form: which of the contract's other layouts it is, if any.
    """

    positions: dict[str, int]
    receipt: int | None
    line: int | None
    missing_optional: tuple[str, ...]
    unknown: tuple[str, ...]
    form: Form | None = None

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
    """How many of the cells are headers of the contract, or of one of its forms."""
    known = _known(contract)
    form = form_of(contract, cells, plain)
    if form is not None:
        known = _of_form(form) | {plain(h): h for h in form.left_aside}
    return len({known[p] for c in cells if c and (p := plain(c)) in known})


def _of_form(form: Form) -> dict[str, str]:
    return {plain(header): name for name, headers in form.headers.items() for header in headers}


def is_header(contract: ExtractContract, cells: Sequence[str]) -> bool:
    """Whether a line is the header.

    At least half of its cells, and three of them (or all that the contract has), are headers of
    the contract. What a 退回明细 adds does not count.
    """
    filled = [c for c in cells if c and c.strip() and c.strip() not in RETURN_HEADERS]
    found = recognised(contract, filled)
    return found >= min(3, len(contract.columns)) and found * 2 >= len(filled)


def _own_columns(extra: dict[str, int]) -> list[str]:
    """Columns called like those of a 退回明细 in a file that is none: the department's own."""
    if RETURN_RECEIPT not in extra:
        return list(extra)
    if RETURN_LINE not in extra:
        raise Refusal("R-COL-02", "有“回执号”而没有“行号”列：不知道每行改正的是退回的哪一行")
    return []


def map_headers(contract: ExtractContract, headers: Sequence[str]) -> Mapping:
    """Map the header cells.

    Raises:
        Refusal: a header stands twice, or a required column is missing.
    """
    form = form_of(contract, headers, plain)
    known = _known(contract) if form is None else _of_form(form)
    left_aside = set() if form is None else {plain(header) for header in form.left_aside}
    positions: dict[str, int] = {}
    extra: dict[str, int] = {}
    unknown: list[str] = []
    for position, header in enumerate(headers):
        if not header or not header.strip() or plain(header) in left_aside:
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
    unknown += _own_columns(extra)
    if len(set(unknown)) != len(unknown):
        raise Refusal("R-COL-05", "有合同之外的列名出现了两次")
    own = None if form is None else form.name
    missing = [c for c in contract.columns if c.name not in positions and c.only_in in (None, own)]
    if form is not None:  # what the form does not have is missed by nobody
        missing = [c for c in missing if c.name in form.headers]
    required = [c.title_cn for c in missing if c.required and (not form or form.asks(c.name))]
    if required:
        raise Refusal("R-COL-02", "缺少必需的列：" + "、".join(required))
    return Mapping(
        positions,
        extra.get(RETURN_RECEIPT),
        extra.get(RETURN_LINE),
        tuple(c.name for c in missing),
        tuple(unknown),
        form,
    )
