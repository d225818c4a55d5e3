"""Lists of divisions: what the rows of one delivery say about each other."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ingest.clean import Bools, Context, as_bools


def orphans(
    parents: pl.Series, codes: pl.Series, levels: pl.Series, top: str, context: Context
) -> Bools:
    """Rows whose parent does not stand in the same delivery; the top level's parent never does.

    A corrected return holds single rows of a list: there a parent in the catalogue's lists counts.
    """
    known = codes.drop_nulls().unique()
    if context.is_return:
        own = context.catalog.code_list("division").codes
        known = pl.concat([known, pl.Series(sorted(own), dtype=pl.String)])
    found = parents.is_in(known.implode())
    return as_bools(parents.is_not_null() & ~found & (levels.fill_null("") != top))


def wrong_levels(codes: pl.Series, levels: pl.Series, digits: Mapping[str, int]) -> Bools:
    """Rows whose code has another number of digits than its level."""
    wanted = levels.replace_strict(dict(digits), default=None, return_dtype=pl.UInt32)
    return as_bools(codes.str.len_bytes() != wanted)
