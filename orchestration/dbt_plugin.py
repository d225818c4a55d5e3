"""dbt-duckdb plugin: the function `keyed_id(purpose, value)` and the spatial functions.

DuckDB has no HMAC and keys do not belong in SQL: ids are made here, over columns, by the key ring.
The spatial extension comes from its wheel, so nothing is downloaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin

from foundation.keys import KeyRing
from foundation.paths import DataRoot
from foundation.spatial import load_spatial

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Registers the functions on dbt's connection."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Make `keyed_id` and the spatial functions known."""
        from duckdb.func import FunctionNullHandling, PythonUDFType
        from duckdb.sqltypes import VARCHAR

        load_spatial(conn)
        keys = KeyRing(DataRoot.from_environment().keys)

        def keyed_id(purposes: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.Array:
            names, texts = purposes.to_pylist(), values.to_pylist()
            result: list[str | None] = [None] * len(texts)
            for purpose in sorted({n for n in names if n is not None}):
                spots = [
                    i
                    for i, (n, t) in enumerate(zip(names, texts, strict=True))
                    if n == purpose and t is not None
                ]
                for spot, made in zip(
                    spots, keys.keyed_ids(purpose, [texts[i] for i in spots]), strict=True
                ):
                    result[spot] = made
            return pa.array(result, type=pa.string())

        conn.create_function(
            "keyed_id",
            keyed_id,
            [VARCHAR, VARCHAR],
            VARCHAR,
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
