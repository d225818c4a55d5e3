"""What became of each correction in the last build: it stands, or its source has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from catalog.corrections import Correction
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from sharing.duck import WAREHOUSE, attach_warehouse, qualified, session

STATE_CN = {
    "active": "有效",
    "mended": "来源已改正，更正自动失效",
    "changed": "来源已改为其他值，更正自动失效，请核对",
    "not_found": "来源记录已不在，更正不再适用，请核对",
    "superseded": "同一取值另有较晚的更正",
    "withdrawn": "已撤回",
    "unknown": "尚未建库",
}
# The source now says what nobody expected: a person should look whether the file can go.
SURPRISING = ("changed", "not_found")


@dataclass(frozen=True)
class CorrectionState:
    """One correction of the last build. No value and no record key: those stand in its file."""

    correction_id: str
    domain: str
    attribute: str
    provider: str
    decided_by: str
    decided_date: str
    state: str

    @property
    def text(self) -> str:
        """For a person."""
        return (
            f"更正 {self.correction_id}（{self.attribute}，{self.provider}）{STATE_CN[self.state]}"
        )


def states_of_build(connection: duckdb.DuckDBPyConnection) -> tuple[CorrectionState, ...]:
    """States by id, from the attached warehouse; none where a domain's model was not built."""
    tables = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE "
        f"database_name = '{WAREHOUSE}' AND schema_name = 'intermediate' "
        r"AND table_name LIKE 'int\_%\_\_list\_corrections' ESCAPE '\' ORDER BY ALL"
    ).fetchall()
    found = []
    for (table,) in tables:
        rows = connection.execute(
            "SELECT correction_id, domain, attribute, provider, decided_by, "
            f"CAST(decided_date AS VARCHAR), state FROM {WAREHOUSE}.{qualified(table)}"
        ).fetchall()
        found += [CorrectionState(*row) for row in rows]
    return tuple(sorted(found, key=lambda told: told.correction_id))


def correction_states(root: DataRoot) -> tuple[CorrectionState, ...]:
    """States by id of the last build; none before the first."""
    if not root.warehouse.exists():
        return ()
    with session(root) as connection:
        attach_warehouse(connection, root)
        return states_of_build(connection)


def certified(
    states: Sequence[CorrectionState], corrections: Sequence[Correction], keys: KeyRing
) -> list[dict[str, Any]]:
    """What the certificate says: state and keyed hash of each correction, none of its values."""
    hashes = dict(
        zip(
            (told.correction_id for told in corrections),
            keys.keyed_ids("correction", [repr(told) for told in corrections]),
            strict=True,
        )
    )
    return [
        {
            "correction_id": told.correction_id,
            "domain": told.domain,
            "attribute": told.attribute,
            "provider": told.provider,
            "by": told.decided_by,
            "date": told.decided_date,
            "state": told.state,
            "content": hashes.get(told.correction_id),
        }
        for told in states
    ]
