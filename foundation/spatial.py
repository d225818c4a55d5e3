"""DuckDB's spatial extension, loaded from its wheel: no network, no cache in a home folder.

Only what computes with geometry loads it (about a quarter of a second the first time): dbt, the
gate when a product with geometry is judged, a query that names a spatial function. Stored geometry
is WKB in a BLOB and is read without it.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

from foundation.errors import ConfigurationError

_PACKAGE, _FILE = "duckdb_extension_spatial", "spatial.duckdb_extension"


@lru_cache(maxsize=1)
def extension_path() -> Path:
    """Where the wheel of this DuckDB version left the extension.

    Raises:
        ConfigurationError: the wheel is not installed, or is of another DuckDB.
    """
    import duckdb

    found = importlib.util.find_spec(_PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / _FILE
        if path.is_file():
            return path
    raise ConfigurationError(
        f"the spatial extension of DuckDB {duckdb.__version__} is not installed",
        f"install the locked requirements ({_PACKAGE}=={duckdb.__version__})",
    )


def load_spatial(connection: Any) -> None:
    """Make the spatial functions known to a DuckDB connection and its cursors.

    Must come before `enable_external_access` is switched off or the configuration is locked.

    Raises:
        ConfigurationError: the extension is not installed.
    """
    path = str(extension_path()).replace("'", "''")
    connection.execute(f"LOAD '{path}'")
