"""Running dbt in process: one start-up, no values in what it leaves behind.

dbt writes failing values to its log, to stdout and to run_results.json: its logs are switched off,
run_results.json is not written, and of an error only the model and the class of fault are kept.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from foundation.errors import TongchuanError
from foundation.files import make_private, write_bytes
from foundation.paths import PROJECT, DataRoot
from sharing.certificate import code_fingerprint

FOLDER = PROJECT / "dbt_project"
_PARSED = FOLDER / "target" / "partial_parse.msgpack"
# What this process parsed last, by data root and code, until a build takes it: dbt changes it.
_HELD: dict[tuple[Path, str], Any] = {}
# Unit tests are for `make test`; a night builds and tests data.
_TOLD_EVERY = 15
_EXCLUDE = ("--exclude-resource-type", "unit_test")


class BuildError(TongchuanError):
    """dbt could not run at all (a broken project, not a broken model)."""


@dataclass(frozen=True)
class NodeResult:
    """One model or test; of what stands in the warehouse, `schema.table`."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    seconds: float
    failures: int | None
    relation: str = ""


@dataclass(frozen=True)
class BuildResult:
    """What a build did.

    Attributes:
        rows: rows of every table, by `schema.table`; a view is not counted.
        tested: names of the models that each data test looks at, by the test's unique id.
    """

    nodes: tuple[NodeResult, ...]
    rows: dict[str, int] = field(default_factory=dict)
    tested: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def failed_models(self) -> frozenset[str]:
        """Names of models that were not built, or one of whose tests failed."""
        bad = {n.name for n in self.nodes if n.resource_type == "model" and not _is_good(n)}
        return frozenset(bad | set(self._models_with_failed_tests()))

    def _models_with_failed_tests(self) -> Iterator[str]:
        for node in self.nodes:
            if node.resource_type == "test" and node.status in ("fail", "error"):
                yield from self.tested.get(node.unique_id, ())


def _is_good(node: NodeResult) -> bool:
    return node.status in ("success", "pass", "warn")


def target(root: DataRoot) -> Path:
    """Dbt's target folder: compiled SQL and the manifest."""
    return root.build / "dbt"


def manifest_path(root: DataRoot) -> Path:
    """The manifest that Dagster and the release step read."""
    return target(root) / "manifest.json"


@contextmanager
def _environment(root: DataRoot, verb: str) -> Iterator[None]:
    # Parsing opens no warehouse; with another path dbt would parse everything anew.
    is_parsing = verb == "parse"
    told = {
        "TONGCHUAN_DATA": str(root.root),
        "TONGCHUAN_WAREHOUSE": root.warehouse.name if is_parsing else str(root.warehouse),
        "TONGCHUAN_TEMP": "tmp" if is_parsing else str(root.build / "tmp"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _invoke(
    root: DataRoot,
    verb: str,
    *arguments: str,
    callbacks: list[Any] | None = None,
    parsed: Any = None,
) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    make_private(root.build)
    (root.build / "tmp").mkdir(exist_ok=True)
    common = (
        "--quiet",
        "--log-level", "none",
        "--log-level-file", "none",
        "--log-path", str(target(root) / "logs"),
        "--no-use-colors",
    )  # fmt: skip
    places = (
        "--project-dir", str(FOLDER),
        "--profiles-dir", str(FOLDER),
        "--target-path", str(target(root)),
    )  # fmt: skip
    with _environment(root, verb):
        try:
            return dbtRunner(manifest=parsed, callbacks=callbacks or []).invoke(
                [*common, verb, *places, *arguments]
            )
        finally:
            _close(DuckDBConnectionManager)
            shutil.rmtree(target(root) / "logs", ignore_errors=True)


def _close(manager: Any) -> None:
    """Let go of the warehouse also when an error still holds on to a connection."""
    if manager._ENV is not None:
        manager._ENV.close()
    manager.close_all_connections()


def parse(root: DataRoot) -> Path:
    """Make the manifest; the next build of this process need not parse again.

    Raises:
        BuildError: the project cannot be parsed.
    """
    _HELD.clear()
    _HELD[root.root, code_fingerprint()] = _parse(root)
    return manifest_path(root)


def _parse(root: DataRoot) -> Any:
    """Parse the project (only what changed since the last time); dbt's own manifest object.

    Without variables: with another business date dbt would parse everything anew every night.
    A data root that dbt has never parsed for begins with what it knew for another one.
    """
    own = target(root) / _PARSED.name
    if not own.exists() and _PARSED.exists():
        write_bytes(own, _PARSED.read_bytes())
    result = _invoke(root, "parse")
    if not result.success:  # what moved to another file since then, it may take for there twice
        result = _invoke(root, "parse", "--no-partial-parse")
    if not result.success:
        raise BuildError(
            f"dbt cannot read the project ({type(result.exception).__name__})",
            "run `dbt parse --project-dir dbt_project --profiles-dir dbt_project` to see why",
        )
    _share(own)
    return result.result


def _share(own: Path) -> None:
    """Keep what dbt parsed beside the code, as Python its byte code; dbt checks what is stale."""
    with suppress(OSError):  # where the code cannot be written to, each root parses for itself
        parsed = own.read_bytes()
        if not _PARSED.exists() or _PARSED.stat().st_size != len(parsed):
            write_bytes(_PARSED, parsed)


def build(
    root: DataRoot,
    business_date: date,
    progress: Callable[[str], None] | None = None,
    models: tuple[str, ...] = (),
    touched_since: date | None = None,
) -> BuildResult:
    """Build every model (or the named ones) and run their data tests.

    A model that fails does not stop those that do not depend on it. With `touched_since`, the
    business date of the last build, `touched` models make anew only the rows that what changed
    since then touches (`orchestration/touched.py`).

    Raises:
        BuildError: dbt could not start.
    """

    def on_event(event: Any) -> None:
        if event.info.name != "LogModelResult" or progress is None:
            return
        done, total = event.data.index, event.data.total
        if event.data.status != "OK" or done % _TOLD_EVERY == 0 or done == total:
            name, status = event.data.node_info.node_name, event.data.status
            progress(f"dbt {done}/{total} {name} {status}")

    variables = {"business_date": business_date.isoformat()}
    if touched_since is not None:
        variables["touched_since"] = touched_since.isoformat()
    result = _invoke(
        root,
        "build",
        *(("--select", *models) if models else ()),
        "--vars",
        json.dumps(variables),
        *_EXCLUDE,
        "--no-write-json",  # parsing wrote the manifest; results may quote a value
        callbacks=[on_event],
        parsed=_HELD.pop((root.root, code_fingerprint()), None) or _parse(root),
    )
    if result.result is None:
        raise BuildError(
            f"dbt could not run ({type(result.exception).__name__})",
            "see docs/operations.md, “dbt does not start”",
        )
    nodes, tested = [], {}
    for item in result.result.results:
        node = item.node
        kind = str(node.resource_type)
        nodes.append(
            NodeResult(
                unique_id=node.unique_id,
                resource_type=kind,
                name=node.name,
                status=str(item.status),
                seconds=float(item.execution_time),
                failures=item.failures,
                relation=f"{node.schema}.{node.alias}",
            )
        )
        if kind == "test":
            parents = tuple(i.split(".")[-1] for i in node.depends_on.nodes if i[:6] == "model.")
            tested[node.unique_id] = parents
    return BuildResult(tuple(nodes), _row_counts(root), tested)


def _row_counts(root: DataRoot) -> dict[str, int]:
    """Rows of every table of the warehouse, by `schema.table`."""
    import duckdb

    with duckdb.connect(str(root.warehouse)) as connection:
        names = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name <> 'main'"
        ).fetchall()
        # not `estimated_size`, which counts rows that `touched` models deleted
        counts = " UNION ALL ".join(
            f'SELECT \'{schema}.{table}\', count(*) FROM "{schema}"."{table}"'
            for schema, table in names
        )
        rows = connection.execute(counts).fetchall() if counts else []
    return {str(name): int(size) for name, size in rows}
