"""What the checks found: which rule struck which rows of which column, and what that does.

Belongs here: the forms in which findings leave: problems of rejected rows, texts as given of
accepted ones, counts for the receipt. Which rule does what is `rows`' business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from catalog import ExtractContract
from ingest.clean import Bools
from ledger.records import RuleCount

SHOWN_LINES = 10  # that a receipt names of each rule and column


@dataclass(frozen=True)
class Found:
    """A rule that struck rows of a column (empty: of the row; several: joined by 、)."""

    column: str
    rule_id: str
    action: str
    mask: Bools


def _json_text(values: pl.Series) -> pl.Series:
    """Each text as a JSON string."""
    encoded = pl.DataFrame({"v": values}).select(pl.struct("v").struct.json_encode()).to_series()
    return encoded.str.slice(5).str.strip_suffix("}")  # {"v":"…"}


def as_given(
    raw: dict[str, pl.Series], found: list[Found], accepted: Bools, size: int
) -> pl.Series:
    """For accepted rows: column → text as delivered, of every cell that was blanked or warned."""
    parts = []
    for name in sorted({f.column for f in found if f.column in raw}):
        struck = np.zeros(size, dtype=bool)
        for item in found:
            if item.column == name:
                struck |= item.mask
        spots = np.flatnonzero(struck & accepted)
        if len(spots):
            text = _json_text(raw[name].gather(spots).fill_null(""))
            parts.append(pl.DataFrame({"row": spots, "text": f'"{name}":' + text}))
    empty = pl.Series("as_given", [None], dtype=pl.String).new_from_index(0, size)
    if not parts:
        return empty
    joined = pl.concat(parts).group_by("row", maintain_order=True).agg(pl.col("text").str.join(","))
    return empty.scatter(joined["row"], "{" + joined["text"] + "}")


def problems(found: list[Found], rejected: Bools, contract: ExtractContract) -> pl.DataFrame:
    """All problems of the rejected rows, also those that alone would only blank or warn."""
    parts = []
    for item in found:
        spots = np.flatnonzero(item.mask & rejected)
        if len(spots):
            names = item.column.split("、") if item.column else []
            title = "、".join(contract.by_name[n].title_cn for n in names)
            parts.append(
                pl.DataFrame({"row": spots}).with_columns(
                    column=pl.lit(title), rule_id=pl.lit(item.rule_id)
                )
            )
    if not parts:
        return pl.DataFrame(schema={"row": pl.Int64, "column": pl.String, "rule_id": pl.String})
    return pl.concat(parts)


def first_lines(
    found: list[Found], duplicate: Bools, lines: pl.Series
) -> dict[tuple[str, str, str], pl.Series]:
    """The first lines of what was blanked or warned of, by (rule, action, column) of `counts`."""
    masks: dict[tuple[str, str, str], Bools] = {}
    for item in found:
        if item.action != "reject":
            key = (item.rule_id, item.action, item.column)
            masks[key] = masks[key] | item.mask if key in masks else item.mask
    spots = {key: np.flatnonzero(mask & ~duplicate) for key, mask in sorted(masks.items())}
    return {key: lines.gather(at).sort().head(SHOWN_LINES) for key, at in spots.items() if len(at)}


def counts(found: list[Found], duplicate: Bools) -> tuple[RuleCount, ...]:
    """Rows by rule, what it did, and column; rows that only repeat others are not counted."""
    totals: dict[tuple[str, str, str], int] = {}
    for item in found:
        rows = int((item.mask & ~duplicate).sum())
        if rows:
            key = (item.rule_id, item.action, item.column)
            totals[key] = totals.get(key, 0) + rows
    return tuple(RuleCount(*key, rows) for key, rows in sorted(totals.items()))
