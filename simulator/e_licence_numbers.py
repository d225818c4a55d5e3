"""Electronic licence identifiers of GB/T 36904-2018, whole columns at a time."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator.arrays import Bytes, Ints, matrix, text

_LETTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_SERIAL = 12


def licence_identifiers(
    kind: pl.Series, issuer: pl.Series, serial: Ints, version: Ints
) -> pl.Series:
    """`1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.

    Args:
        kind: type codes of 21 characters.
        issuer: USCCs.
        serial: running numbers, at most 12 digits.
        version: from 1.
    """
    parts = pl.DataFrame(
        {
            "kind": kind,
            "issuer": issuer,
            "serial": pl.Series(serial).cast(pl.String).str.zfill(_SERIAL),
            "version": pl.Series(version).cast(pl.String).str.zfill(3),
        }
    )
    body = parts.select(pl.concat_str(pl.all()).alias("b"))["b"]
    check = text(_checks(matrix(body, 21 + 18 + _SERIAL + 3))[:, None])
    dotted = parts.with_columns(check=check).select(
        pl.concat_str(pl.all(), separator=".").alias("d")
    )
    return "1.2.156.3005.2." + dotted["d"]


def _checks(body: Bytes) -> Bytes:
    """ISO 7064 MOD 37,36: the check character of each row of ASCII characters."""
    values = np.searchsorted(_LETTERS, body)
    product = np.full(len(body), 36, dtype=np.int64)
    for place in range(body.shape[1]):
        total = (product + values[:, place]) % 36
        product = np.where(total == 0, 36, total) * 2 % 37
    return _LETTERS[(37 - product) % 36]
