"""Rows that repeat an earlier one, and rows that contradict it.

Keys are compared by hash first; only rows whose key occurs twice are looked at whole.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog import ExtractContract, Form
from ingest.clean import SPACES, Bools, Evaluated
from ingest.findings import Found


def repeated(
    columns: dict[str, Evaluated],
    raw: dict[str, pl.Series],
    contract: ExtractContract,
    found: list[Found],
    size: int,
    form: Form | None = None,
) -> tuple[Bools, Bools]:
    """Rows equal to an earlier row, and (full, append) rows whose key stands with other content."""
    duplicate, conflict = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    keys = pl.DataFrame({c.name: columns[c.name].values for c in contract.key})
    hashes = keys[:, 0].hash() if keys.width == 1 else keys.hash_rows()
    in_order = np.sort(hashes.to_numpy())
    again = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(again):
        return duplicate, conflict
    spots = np.flatnonzero(hashes.is_in(pl.Series(again).unique().implode()).to_numpy())
    content = pl.DataFrame({n: e.values.gather(spots) for n, e in columns.items()})
    beside = {f"{n}_{c[0]}": c[1] for n, e in columns.items() if (c := e.companion)}
    content = content.with_columns(pl.Series(n, mask[spots]) for n, mask in beside.items())
    for number, item in enumerate(found):  # unusable cells are compared as they were given, trimmed
        if item.action != "warn" and item.mask[spots].any() and item.column in raw:
            given = raw[item.column].gather(spots).str.strip_chars(SPACES)
            text = pl.select(pl.when(pl.Series(item.mask[spots])).then(given)).to_series()
            content = content.with_columns(text.alias(f"#{number}"))
    content = content.with_columns(spot=pl.Series(spots))
    names = [n for n in content.columns if n != "spot"]
    first = content.unique(subset=names, keep="first", maintain_order=True)
    duplicate[np.setdiff1d(spots, first["spot"].to_numpy())] = True
    if contract.mode in ("full", "append"):
        key_names = [c.name for c in contract.key]
        # an optional one may be empty, and one that the form does not have
        needed = [c.name for c in contract.key if c.required and (not form or form.asks(c.name))]
        usable = first.filter(pl.all_horizontal(pl.col(needed).is_not_null()))
        clash = usable.filter(pl.struct(key_names).is_duplicated())
        conflict[clash["spot"].to_numpy()] = True
    return duplicate, conflict
