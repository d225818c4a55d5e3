"""Connected components, as a loop of joins that ends when nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def components(connection: duckdb.DuckDBPyConnection, edges: str, result: str) -> None:
    """Leave a temporary table `record_id`, `component` (the smallest record_id of those joined).

    Args:
        connection: holds `edges` and gets `result`.
        edges: table of `one`, `other`: both ways round, and every record with itself.
        result: the table's name.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {result} AS "
        f"SELECT one AS record_id, min(other) AS component FROM {edges} GROUP BY one"
    )
    changed = 1
    while changed:
        # The smallest label among the neighbours, then that label's own: long chains halve.
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE linkage_step AS "
            "WITH near AS (SELECT e.one AS record_id, min(c.component) AS component "
            f"FROM {edges} AS e JOIN {result} AS c ON c.record_id = e.other GROUP BY e.one) "
            "SELECT n.record_id, least(n.component, c.component) AS component "
            f"FROM near AS n JOIN {result} AS c ON c.record_id = n.component"
        )
        row = connection.execute(
            f"SELECT count(*) FROM linkage_step AS s JOIN {result} AS c USING (record_id) "
            "WHERE s.component <> c.component"
        ).fetchone()
        changed = row[0] if row else 0
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {result} AS FROM linkage_step")
    connection.execute("DROP TABLE IF EXISTS linkage_step")
