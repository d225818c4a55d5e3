"""Commands of `tongchuan` in processes of their own, forked from one that has loaded the libraries.

A Python that starts anew loads dbt, Dagster and Polars for seconds. Tests that look at just that
(`PYTHONPROFILEIMPORTTIME`), or set what Python reads when it starts, start one anew (`fresh`).
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from foundation.paths import PROJECT

# Everything that a night loads and that reads no environment when it is loaded.
_LOADED = (
    "tests.forked",
    "tests.commands",
    "cli.main",
    "dagster",
    "dagster_dbt",
    "dbt.adapters.duckdb",
    "dbt.cli.main",
    "fastexcel",
    "orchestration.night",
    "orchestration.steps",
    "splink",
    "xlsxwriter",
)
_START = multiprocessing.get_context("forkserver")
# For all tests that fork: the first of them starts the one server of its process.
_START.set_forkserver_preload(list(_LOADED))


class Command(Protocol):
    """A command under way, as `subprocess.Popen` has it."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def communicate(self, timeout: float | None = None) -> tuple[str, str]: ...


class Forked:
    """A command in a forked process; what it writes goes to files."""

    def __init__(self, words: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="command"))
        self._process = _START.Process(
            target=_run, args=(words, dict(environment), str(self._folder)), daemon=False
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        self._process.join(timeout)
        if self._process.exitcode is None:
            self.kill()
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        files = (self._folder / name for name in ("out", "err"))
        # one that was killed at once had begun neither
        out, err = (file.read_text("utf-8") if file.exists() else "" for file in files)
        shutil.rmtree(self._folder)
        return out, err


def forked(words: tuple[str, ...], environment: Mapping[str, str]) -> Command:
    """Begin a command in a process that has the libraries already."""
    return Forked(words, environment)


def finished(words: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int | None, str, str]:
    """Run a command to its end: exit code, stdout, stderr."""
    command = forked(words, environment)
    out, err = command.communicate(timeout=300)
    return command.returncode, out, err


def fresh(words: tuple[str, ...], environment: Mapping[str, str]) -> Command:
    """Begin a command in a Python that starts anew."""
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        env=dict(environment),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(words: tuple[str, ...], environment: dict[str, str], folder: str) -> None:
    from cli.main import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    for stream, name in ((1, "out"), (2, "err")):
        file = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, stream)
        os.close(file)
    sys.argv = ["tongchuan", *words]
    main()
