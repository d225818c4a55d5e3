"""Great Expectations inside DuckDB: the one module that imports it.

Joints that are mended here: Great Expectations closes its connection before it fetches, and
DuckDB then returns nothing (`_buffer`); it opens several engines, which would each have an
in-memory database of their own (`creator`); it loses schema names (views in `main`); raised
results come first, with `exception_info` flat or nested (`_raised`), so results are matched by id.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the package is imported

import duckdb
import duckdb_engine
import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core import ExpectationSuite
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource, TableAsset
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_be_unique import (
    ExpectColumnValuesToBeUnique,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import (
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.pool import NullPool

from expectations.expected import Expected, NoRows, NotNull, OneOf, Unique

# Counts without values: BASIC with no example values (docs/gate.md, "No values").
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_CLASS = re.compile(r"\b([A-Za-z_.]*[A-Za-z_](?:Error|Exception))\b", re.ASCII)

Result = tuple[str, str, int | None, int | None]  # id, status, unexpected, checked


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def _buffer(
    connection: Any, cursor: Any, _statement: Any, _params: Any, context: Any, _many: Any
) -> None:
    if context is not None and connection.dialect.name == "duckdb" and cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, initial_buffer=cursor.fetchall()
        )


def raise_always() -> None:
    """Make every expectation raise from now on, for tests of the gate."""

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("SELECT 1 "):  # the test of the connection may pass
            raise RuntimeError("fault")

    sa.event.listen(sa.Engine, "before_cursor_execute", fail)


class UnexpectedRowsCounted(UnexpectedRowsExpectation):
    """No rows may come back; they are counted, and none is fetched (their values are not wanted).

    Great Expectations runs the query twice: for the count, and for the rows that its own class may
    show in `COMPLETE` results.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: Any = None,  # noqa: ARG002  (theirs)
        execution_engine: Any = None,  # noqa: ARG002  (theirs)
    ) -> dict[str, Any]:
        rows = metrics["unexpected_rows_query.row_count"]
        return {"success": rows == 0, "result": {"observed_value": rows}}


class Engine:
    """Great Expectations on tables of one DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
        """Make an ephemeral context: nothing is written, nothing is sent.

        Args:
            connection: has the tables.
            tables: of `main`; told at once, for Great Expectations writes its whole configuration
                out for each that comes later.
        """
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._connection = connection
        source = SQLDatasource(
            name="gate",
            connection_string="duckdb:///:memory:",
            create_temp_table=False,
            assets=[TableAsset(name=table, table_name=table) for table in tables],
            kwargs={
                "poolclass": NullPool,
                "creator": lambda: duckdb_engine.ConnectionWrapper(connection.cursor()),
            },
        )
        self._source = context.data_sources.add_sql(datasource=source)

    def run(self, table: str, expected: Sequence[Expected]) -> tuple[list[Result], list[str]]:
        """Validate one table of `main`.

        Returns:
            One result per expectation that was answered, and the classes of what was raised, as
            `<expectation>: <class>`.
        """
        bundle = _bundled(table, expected)
        results, problems = self.one_by_one(table, [bundle])
        (_, status, unexpected, checked) = results[0] if results else ("", "", None, None)
        if (status, unexpected, problems) == ("passed", 0, []):
            return [(e.id, "passed", 0, checked) for e in expected], []
        return self.one_by_one(table, expected)

    def one_by_one(
        self, table: str, expected: Sequence[Expected]
    ) -> tuple[list[Result], list[str]]:
        """The same, each asked by itself."""
        rows = self._connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()
        checked = int(rows[0]) if rows else None
        asset = self._source.get_asset(table)
        batch = asset.get_batch(asset.build_batch_request())
        return _asked(batch, table, expected, checked)


def _asked(
    batch: Batch, table: str, expected: Sequence[Expected], checked: int | None
) -> tuple[list[Result], list[str]]:
    """What Great Expectations answers, in the order of `expected`, and what was raised."""
    suite = ExpectationSuite(name=table, expectations=[_translated(e) for e in expected])
    for made, wanted in zip(suite.expectations, expected, strict=True):
        made.id = wanted.id  # the suite takes in only expectations that have none yet
    answer = batch.validate(suite, result_format=_RESULT_FORMAT)
    results, problems = {}, []
    for item in answer.results:
        config = item.expectation_config
        id_ = str(config.id) if config is not None else ""
        raised = _raised(item.exception_info)
        if raised:
            problems.append(f"{id_}: {raised}")
        results[id_] = _result(id_, item, bool(raised), checked)
    return [results[e.id] for e in expected if e.id in results], problems


def _bundled(table: str, expected: Sequence[Expected]) -> NoRows:
    """One expectation that passes only where all of these do: no row in any of them, none in all.

    Great Expectations takes milliseconds for each one it is asked, and a night has more than a
    thousand. Only when this one does not pass is each asked by itself, to say which it was.
    """
    parts = (f"SELECT 1 AS unexpected FROM ({_breaking(table, e)})" for e in expected)
    return NoRows("table.nothing_unexpected", "", " UNION ALL ".join(parts))


def _breaking(table: str, expected: Expected) -> str:
    """SQL that gives no row only where the expectation passes."""
    match expected:
        case NotNull(column=column):
            return f'SELECT 1 FROM main.{table} WHERE "{column}" IS NULL'
        case Unique(columns=(column,)):
            told = f'SELECT 1 FROM main.{table} WHERE "{column}" IS NOT NULL'
            return f'{told} GROUP BY "{column}" HAVING count(*) > 1'
        case Unique(columns=columns):
            names = ", ".join(f'"{column}"' for column in columns)
            return f"SELECT 1 FROM main.{table} GROUP BY {names} HAVING count(*) > 1"
        case OneOf(column=column, values=values):
            allowed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            return f'SELECT 1 FROM main.{table} WHERE "{column}"::VARCHAR NOT IN ({allowed})'
        case NoRows(query=query):
            return query
    raise TypeError(type(expected).__name__)


def _translated(expected: Expected) -> Any:
    match expected:
        case NotNull(column=column):
            return ExpectColumnValuesToNotBeNull(column=column)
        case Unique(columns=(column,)):
            return ExpectColumnValuesToBeUnique(column=column)
        case Unique(columns=columns):
            return ExpectCompoundColumnsToBeUnique(column_list=list(columns))
        case OneOf(column=column, values=values):
            return ExpectColumnValuesToBeInSet(column=column, value_set=list(values))
        case NoRows(query=query):
            # Great Expectations formats the query, SQLAlchemy looks for :parameters in it.
            literal = query.replace("{", "{{").replace("}", "}}").replace(":", "\\:")
            return UnexpectedRowsCounted(unexpected_rows_query=literal)
    raise TypeError(type(expected).__name__)


def _result(id_: str, item: Any, raised: bool, checked: int | None) -> Result:
    found = item.result or {}
    count = found.get("unexpected_count", found.get("observed_value"))
    if count is None and checked == 0 and found.get("element_count") == 0:
        count = 0  # the sum over no rows, which SQL leaves NULL
    if raised or not isinstance(item.success, bool) or not isinstance(count, int):
        return id_, "error", None, None
    return id_, "passed" if item.success else "failed", count, checked


def _raised(info: Any) -> str:
    """The classes in an `exception_info`, flat or keyed by metric; '' when nothing was raised."""
    if not isinstance(info, dict):
        return "unreadable exception_info"
    levels = [info, *(value for value in info.values() if isinstance(value, dict))]
    texts = [
        str(part.get("exception_traceback")) for part in levels if part.get("raised_exception")
    ]
    if not texts:
        return "" if "raised_exception" in info else "unreadable exception_info"
    return ", ".join(sorted({c.rsplit(".", 1)[-1] for c in _classes(texts)})) or "exception"


def _classes(texts: Iterable[str]) -> Iterable[str]:
    """Names of exception classes only: the texts beside them may quote values."""
    for text in texts:
        yield from _CLASS.findall(text)
