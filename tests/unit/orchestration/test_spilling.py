"""What DuckDB moves to disk in one model must not stop those after it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from foundation.paths import PROJECT

# Sixty megabytes, which is what DuckDB is given here, cannot hold it sorted.
_SPILLS = "select i, md5(cast(i as varchar)) as t from range(1000000) as r(i) order by t"


def test_a_model_after_one_that_spilled_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    models = tmp_path / "models"
    models.mkdir()
    (tmp_path / "dbt_project.yml").write_text(
        "name: spilling\nprofile: tongchuan\nmodels: {spilling: {+materialized: table}}\n"
    )
    (models / "a_large.sql").write_text(_SPILLS)
    (models / "b_next.sql").write_text("select count(*) as n from {{ ref('a_large') }}")
    warehouse = tmp_path / "w.duckdb"
    for name, value in {
        "TONGCHUAN_DATA": str(tmp_path),
        "TONGCHUAN_WAREHOUSE": str(warehouse),
        "TONGCHUAN_TEMP": str(tmp_path / "tmp"),
        "TONGCHUAN_MEMORY_LIMIT": "60MB",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }.items():
        monkeypatch.setenv(name, value)
    words = ["--quiet", "--log-level", "none", "--log-level-file", "none", "run"]
    places = ["--project-dir", str(tmp_path), "--profiles-dir", str(PROJECT / "dbt_project")]
    try:
        assert dbtRunner().invoke([*words, *places]).success
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    with duckdb.connect(str(warehouse)) as connection:
        assert connection.execute("SELECT n FROM main.b_next").fetchone() == (1_000_000,)
