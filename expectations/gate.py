"""The gate as others use it: one worker process, questions, records."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from catalog import Catalog, catalog
from expectations.answers import not_run, records
from expectations.expected import Expected
from expectations.plan import plan
from expectations.process import WorkerError, WorkerProcess
from expectations.request import GateRequest
from foundation.errors import safe_error
from foundation.paths import DataRoot
from ledger.records import GateRecord

_log = logging.getLogger("tongchuan.gate")


class Gate:
    """A context manager around one worker process.

    Start it at the beginning of a night that has work: the worker imports Great Expectations while
    the warehouse is built. A worker that broke is replaced at the next question.
    """

    def __init__(
        self, contracts: Catalog | None = None, *, temp_directory: Path | None = None
    ) -> None:
        """Say whose contracts apply.

        Args:
            contracts: the catalogue (default: that of this installation).
            temp_directory: where DuckDB may spill, private (default: `build/gate`).
        """
        self._catalog = contracts or catalog()
        self._spill = temp_directory or DataRoot.from_environment().build / "gate"
        self._folder: Path | None = None
        self._worker: WorkerProcess | None = None
        self._asked = 0
        self.problems: tuple[str, ...] = ()

    def __enter__(self) -> Gate:
        """Start the worker."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the worker."""
        self.close()

    def start(self) -> None:
        """Start the worker unless it runs; returns at once and never raises.

        A worker that cannot be started is found out by `check`.
        """
        if self._worker is not None and self._worker.is_alive:
            return
        self.close()
        try:
            self._spill.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder = Path(tempfile.mkdtemp(dir=self._spill))
            self._worker = WorkerProcess(self._folder)
        except OSError as error:
            self._note(f"the worker cannot be started: {safe_error(error)}")

    def wait_ready(self, timeout_s: float = 120) -> bool:
        """Wait until the worker has imported everything; False when it does not get there."""
        self.start()
        try:
            if self._worker is not None:
                self._worker.wait_ready(time.monotonic() + timeout_s)
                return True
        except (WorkerError, OSError) as error:
            self._note(str(error) if isinstance(error, WorkerError) else safe_error(error))
        return False

    def check(self, request: GateRequest, timeout_s: float = 600) -> list[GateRecord]:
        """Judge the products of one request; never raises for a broken worker.

        Args:
            request: the question.
            timeout_s: seconds until silence counts as failure, the worker's start included.

        Returns:
            Records in the order of `request.judge`: one per expectation, at least one per product.
            Whatever raised, timed out, died or cannot be read has status `error`, rule R-GATE-09.
            `problems` then says what it was, by exception class and never by text.
        """
        self.problems = ()
        suites = {product: self._suite(product, request) for product in request.judge}
        results = self._ask(request, timeout_s) if any(suites.values()) else {}
        return [
            record
            for product, suite in suites.items()
            for record in (
                records(product, suite, results.get(product))
                if suite is not None
                else not_run(product)
            )
        ]

    def close(self) -> None:
        """End the worker and remove its folder."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _suite(self, product: str, request: GateRequest) -> tuple[Expected, ...] | None:
        try:
            return plan(self._catalog, product, request)
        except Exception as error:  # noqa: BLE001  # a suite that cannot be built holds its product
            self._note(f"{product}: {safe_error(error)}")
            return None

    def _ask(self, request: GateRequest, timeout_s: float) -> dict[str, Any]:
        """The worker's results by product; empty when there is no usable answer."""
        deadline = time.monotonic() + timeout_s
        self.start()
        if self._worker is None:
            return {}
        self._asked += 1
        message = {
            "id": self._asked,
            "catalog": str(self._catalog.folder.absolute()),
            "temp_directory": str(self._folder),
            "request": request.to_json(),
        }
        try:
            answer = self._worker.ask(message, deadline)
            for problem in answer.get("problems", ()):
                self._note(str(problem))
            results = answer["results"]
            return results if isinstance(results, dict) else {}
        except Exception as error:  # noqa: BLE001  # fail closed, and with a fresh worker next time
            self._note(str(error) if isinstance(error, WorkerError) else safe_error(error))
            self.close()
            return {}

    def _note(self, problem: str) -> None:
        self.problems += (problem,)
        _log.warning("gate: %s", problem)
