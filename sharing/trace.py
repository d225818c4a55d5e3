"""From a published value to the department, file, line and rule that it came from.

Values are handed to the asker and written nowhere: the ledger keeps who asked about which table
and column, and how many lines of evidence there were.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from catalog import Catalog, ProductContract
from foundation import clock
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from ledger import AccessRecord, Ledger
from sharing.query import release_of
from sharing.tracing import Trace, Tracer


@dataclass(frozen=True)
class Question:
    """What is asked: a table, the key as written, and a column or None for the whole row."""

    table: str
    key: str
    column: str | None = None
    as_of: int | None = None


def trace(
    root: DataRoot, ledger: Ledger, catalog: Catalog, question: Question, *, by: str, purpose: str
) -> Trace:
    """Say where a value came from, and record that somebody asked.

    Raises:
        ConfigurationError: no such release, table, row or column, or no single origin.
    """
    release = release_of(root, question.as_of)
    contract = catalog.products.get(question.table)
    if contract is None or question.table not in release.products:
        known = ", ".join(sorted(release.products))
        raise ConfigurationError(f"没有该表 / no table {question.table}", f"there are: {known}")
    if question.column is not None and question.column not in contract.by_name:
        raise ConfigurationError(
            f"{question.table} 没有该列 / has no column {question.column}",
            "columns: " + ", ".join(contract.by_name),
        )
    key = parse_key(contract, question.key)
    tracer = Tracer(root, ledger, catalog, release, contract)
    try:
        answer = tracer.answer(key, question.column)
    except duckdb.Error as error:
        raise ConfigurationError(f"无法追溯 / the trace failed: {type(error).__name__}") from None
    finally:
        tracer.connection.close()
    ledger.record_access(
        AccessRecord(
            at=clock.now(),
            by=by,
            purpose=purpose,
            release=release.number,
            tables=(question.table,),
            rows=len(answer.evidence),
            request=f"trace {question.table} ? {question.column or ''}".strip(),
        )
    )
    return answer


def parse_key(contract: ProductContract, text: str) -> dict[str, str]:
    """The primary key as `a=…,b=…`, or its values in order joined by `/`.

    Raises:
        ConfigurationError: the text does not give every column of the key.
    """
    names = [column.name for column in contract.key]
    if re.match(rf"({'|'.join(names)})=", text):
        split = re.split(rf"(?:^|,)({'|'.join(names)})=", text)[1:]
        told = dict(zip(split[::2], split[1::2], strict=True))
    elif len(names) == 1:
        told = {names[0]: text}
    else:
        told = dict(zip(names, text.split("/"), strict=False))
        if text.count("/") + 1 != len(names):
            told = {}
    if set(told) != set(names):
        written = ",".join(f"{name}=…" for name in names)
        raise ConfigurationError(
            "主键不完整 / the key is not complete", f"write {written} or {'/'.join(names)}"
        )
    return {name: told[name] for name in names}
