"""How a value is made less telling. SQL expressions: they run where the rows are."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from catalog import ProductColumn
from foundation.errors import ConfigurationError
from foundation.keys import KeyRing
from sharing.duck import ident

# Identifiers made here: nobody outside ever sees the ones that the warehouse uses itself.
_OWN_IDS = {"person_id", "entity_id", "old_id", "new_id", "household_id", "objection_id"}
MASKS_CN = {
    "resident_id": "公民身份号码保留前 6 位和后 1 位",
    "name": "姓名只保留姓（首字）",
    "mobile": "手机号码保留前 3 位和后 4 位",
    "year": "日期只保留年份",
    "county": "区划代码截至区县（6 位）",
    "township": "区划代码截至乡镇街道（9 位）",
    "pseudonym": "本库标识换成接收方专用的化名",
}


def is_own_id(column: ProductColumn) -> bool:
    """Whether a column holds identifiers that become pseudonyms for every reader."""
    return (
        column.analysts == "pseudonym"
        or column.name in _OWN_IDS
        or column.name.endswith(("_person_id", "_entity_id"))
    )


def year_name(name: str) -> str:
    """`birth_date` as `birth_year`."""
    return f"{name.removesuffix('_date').removesuffix('_at')}_year"


def masked(column: str, mask: str | None) -> tuple[str, str]:
    """Name and SQL expression of a masked column.

    Args:
        column: its name.
        mask: a mask of `catalog.grants`, or None: as it is.

    Raises:
        ConfigurationError: no mask is called so.
    """
    value = ident(column)
    text = f"CAST({value} AS VARCHAR)"
    match mask:
        case None | "as_is":
            return column, value
        case "year":
            return year_name(column), f"CAST(year({value}) AS INTEGER)"
        case "county" | "township":
            digits = 6 if mask == "county" else 9
            return column, f"CASE WHEN length({text}) >= {digits} THEN {text}[:{digits}] END"
        case "resident_id":  # as many stars as characters: the length itself is no secret
            stars = f"repeat('*', greatest(length({text}) - 7, 0))"
            shown = f"{text}[:6] || {stars} || {text}[-1:]"
            return column, f"CASE WHEN length({text}) >= 15 THEN {shown} END"
        case "name":
            return column, f"{text}[:1] || repeat('*', greatest(length({text}) - 1, 1))"
        case "mobile":
            return (
                column,
                f"CASE WHEN length({text}) = 11 THEN {text}[:3] || '****' || {text}[-4:] END",
            )
    raise ConfigurationError(f"no mask is called {mask!r}")


def load_pseudonyms(
    connection: duckdb.DuckDBPyConnection,
    keys: KeyRing,
    reader: str,
    sources: Iterable[tuple[str, Iterable[str]]],
) -> None:
    """Make the temporary table `pseudonym(value, token)` for one reader.

    Args:
        connection: an in-memory session; the mapping never leaves it.
        keys: the secret.
        reader: whose pseudonyms; two readers cannot join what they hold.
        sources: relations with the columns whose values get pseudonyms.
    """
    queries = [
        f"SELECT CAST({ident(column)} AS VARCHAR) AS value FROM {relation}"
        for relation, columns in sources
        for column in columns
    ]
    body = " UNION ".join(queries) or "SELECT NULL::VARCHAR AS value"
    query = f"SELECT value FROM ({body}) WHERE value IS NOT NULL ORDER BY value"
    values = connection.sql(query).pl()["value"].to_list()
    tokens = {"value": values, "token": keys.keyed_ids(reader, values)}
    frame = pl.DataFrame(tokens, schema={"value": pl.String, "token": pl.String})
    connection.register("tokens", frame)
    connection.execute("CREATE TEMP TABLE pseudonym AS SELECT value, token FROM tokens")
    connection.unregister("tokens")


def pseudonym(column: str) -> str:
    """SQL expression of a value's pseudonym."""
    value = f"CAST({ident(column)} AS VARCHAR)"
    return f"(SELECT any_value(p.token) FROM pseudonym p WHERE p.value = {value})"
