"""Addresses as people write them: left-out prefixes, full width, numerals, nothing but an estate.

The same person's address is always spelled the same way. What is meant is known: the house (see
`places.SPOT_MARK`), and the finest part that the text still says.
"""

from __future__ import annotations

import zlib

import numpy as np
import polars as pl

from simulator.arrays import Ints, ints
from simulator.places import FIRST_GROUP, HOUSE_STEP, SPOT_MARK, WAYS

ADDRESSES = ("registered_address", "residence_address", "address")
_STYLES = 20
_PLAIN = 8  # styles below leave the address as it is
_DIGITS = {str(d): chr(0xFF10 + d) for d in range(10)}
_NUMERALS = "零一二三四五六七八九"
_HOUSE = r"([0-9]+)号"
_COUNTY = r"^陕西省铜川市(?:王益区|印台区|耀州区|宜君县)"
_T = pl.col("text")


def _numeral(number: int) -> str:
    """十二, 一百零五: a number up to 9999 as Chinese writes it."""
    text, is_gap = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            text += ("零" if is_gap else "") + _NUMERALS[digit] + unit
            is_gap = False
        else:
            is_gap = bool(text)
    return text.removeprefix("一") if text.startswith("一十") else text


_BY_NUMBER = {str(n): _numeral(n) for n in range(1, 2000)}


def spelled(rows: pl.DataFrame, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with one column of addresses spelled, and which house each of them means.

    Returns:
        The rows, and `_night`, `_pid`, `_eid`, `attribute`, `address` (as written), `spot`, `said`
        (the finest part the text says: house_number, village, township or none).
    """
    parts = rows.select(
        text=pl.col(name).str.replace(SPOT_MARK + r"[0-9]+$", ""),
        spot=pl.col(name).str.extract(SPOT_MARK + r"([0-9]+)$").cast(pl.Int64),
        **{
            n: (pl.col(n) if n in rows.columns else pl.lit(-1)).cast(pl.Int64)
            for n in ("_pid", "_eid")
        },
    )
    style = _style(parts)
    is_urban = (parts["spot"] // HOUSE_STEP % WAYS) <= FIRST_GROUP
    frame = parts.with_columns(style=pl.Series(style), is_urban=is_urban)
    written = frame.select(_spelling().alias("t"))["t"]
    said = frame.select(
        pl.when(pl.col("style") == _STYLES - 1).then(pl.lit("none"))
        .when((pl.col("style") == _STYLES - 2) & pl.col("is_urban")).then(pl.lit("township"))
        .when(pl.col("style") == _STYLES - 2).then(pl.lit("village"))
        .otherwise(pl.lit("house_number")).alias("s")
    )["s"]  # fmt: skip
    meant = frame.select("_pid", "_eid", "spot").with_columns(
        rows["_night"].cast(pl.Int64), attribute=pl.lit(name), address=written, said=said
    )
    return rows.with_columns(written.alias(name)), meant.drop_nulls("spot")


def _style(parts: pl.DataFrame) -> Ints:
    """A style for each row, by what it says and whom it is about; 0 where no house is meant."""
    keys = parts.select(pl.concat_str("text", "_pid", "_eid", separator="|").fill_null(""))
    digest = ints([zlib.crc32(key.encode()) for key in keys.to_series().to_list()])
    return np.where(parts["spot"].is_null().to_numpy(), 0, digest % _STYLES)


def _spelling() -> pl.Expr:
    number = _T.str.extract(_HOUSE).replace_strict(_BY_NUMBER, default=None)
    in_words = _T.str.replace(_HOUSE, "@号").str.replace("@", number, literal=True)
    estate = _T.str.extract(r"[0-9]号(\p{Han}+[0-9]+号楼.*)$")
    changes = {
        _PLAIN: _T.str.replace("陕西省", "", literal=True),
        _PLAIN + 1: _T.str.replace("陕西省铜川市", "", literal=True),
        _PLAIN + 2: _T.str.replace(_COUNTY, ""),
        _PLAIN + 3: _T.str.replace_many(_DIGITS),
        _PLAIN + 4: _T.str.replace_all("号", "號", literal=True),
        _PLAIN + 5: _T.str.replace(r"(铜川市)(...)", "$1 $2　"),
        _PLAIN + 6: pl.coalesce(in_words, _T),
        _PLAIN + 7: _T.str.replace("耀州区", "耀县", literal=True),
        _PLAIN + 8: _T.str.replace("街道", "街道办事处", literal=True),
        _PLAIN + 9: _T.str.replace(r"号\p{Han}.*$", "号"),
        _STYLES - 2: pl.when("is_urban").then(_without_road()).otherwise(
            _T.str.replace(r"[0-9]+组[0-9]+号$", "")
        ),
        _STYLES - 1: pl.when("is_urban").then(pl.coalesce(estate, _T)).otherwise(
            _T.str.extract(r"([0-9]+组[0-9]+号)$")
        ),
    }  # fmt: skip
    result = _T
    for style, change in changes.items():
        result = pl.when(pl.col("style") == style).then(change).otherwise(result)
    return result


def _without_road() -> pl.Expr:
    """County and town, and the estate at most."""
    return _T.str.replace(r"[^街镇乡道区县]+(?:街|路|道)[0-9]+号", "")
