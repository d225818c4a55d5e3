"""Dagster's event log with its connections kept open.

Dagster's own SQLite log makes an engine, opens a file and flushes the disk for every statement:
a quarter of a night's CPU. The files, tables and answers are the same here, so that a data root
can be read by either.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._serdes import ConfigurableClassData


class EventLog(SqliteEventLogStorage):
    """One open connection to the index, and one to the run that was asked for last."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._lock = threading.RLock()
        self._engines: dict[str, sa.Engine] = {}
        self._begun: dict[str, sa.Connection] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> Any:
        """Nothing to configure: it lies where Dagster's own log would lie."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> EventLog:
        """Made from the `dagster.yaml` of `DAGSTER_HOME`."""
        home = Path(os.environ["DAGSTER_HOME"])
        return cls(str(home / "history" / "runs"), inst_data, **config_value)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction for each file."""
        runs = {event.run_id for event in events}
        if len(runs) != 1:
            return super().store_event_batch(events)
        with self._connect(runs.pop()), self._connect(INDEX_SHARD_NAME):
            for event in events:
                self.store_event(event)
        return None

    def has_table(self, table_name: str) -> bool:
        """Whether the index has the table."""
        with self._connect(INDEX_SHARD_NAME) as connection:
            return bool(connection.dialect.has_table(connection, table_name))

    def dispose(self) -> None:
        """Close the files."""
        with self._lock:
            for shard in list(self._engines):
                self._engines.pop(shard).dispose()
        super().dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """A transaction on a file; the one that has begun, within a batch."""
        with self._lock:
            if shard in self._begun:
                yield self._begun[shard]
                return
            with self._engine(shard).begin() as connection:
                self._begun[shard] = connection
                try:
                    yield connection
                finally:
                    del self._begun[shard]

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            # a night writes one run, a browser looks at one after the other
            for other in self._engines.keys() - {INDEX_SHARD_NAME} - self._begun.keys():
                self._engines.pop(other).dispose()
            engine = sa.create_engine(
                create_db_conn_string(self._base_dir, shard),
                pool_size=1,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(engine, "connect", _without_flushing)
            self._initdb(engine)
            self._engines[shard] = engine
        return self._engines[shard]


def _without_flushing(connection: Any, _record: Any) -> None:
    """Leave flushing to checkpoints: a power cut may lose the newest events, never the file."""
    connection.execute("PRAGMA synchronous = NORMAL")
