"""The asker's end of the worker process: start, ask, kill. Knows nothing of expectations."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from foundation.paths import PROJECT

LARGEST_ANSWER = 64 * 1024 * 1024


class WorkerError(Exception):
    """The worker gave no usable answer; the text says why, without any of its bytes."""


class WorkerProcess:
    """One worker process and its pipes."""

    def __init__(self, temp_directory: Path) -> None:
        """Start it; returns at once.

        Raises:
            OSError: the process cannot be started.
        """
        reader, writer = os.pipe()
        try:
            # stdout and stderr go nowhere: libraries print there, and their texts may quote values.
            self._process = subprocess.Popen(  # noqa: S603  # our own module, no input in it
                [sys.executable, "-m", "expectations.worker", str(writer), str(temp_directory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(writer,),
                cwd=temp_directory,
                env=_environment(temp_directory),
            )
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        self._reader, self._buffer, self._is_ready = reader, b"", False

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_ready(self, deadline: float) -> None:
        """Wait until Great Expectations is imported.

        Args:
            deadline: a value of `time.monotonic()`.

        Raises:
            WorkerError: it died, said something else, or the deadline passed.
        """
        if not self._is_ready:
            if self._read(deadline) != {"ready": True}:
                raise WorkerError("the worker did not say that it is ready")
            self._is_ready = True

    def ask(self, message: dict[str, Any], deadline: float) -> dict[str, Any]:
        """Send one message and return the answer with the same id.

        Raises:
            WorkerError: there is no such answer before the deadline.
        """
        self.wait_ready(deadline)
        self._write((json.dumps(message) + "\n").encode(), deadline)
        answer = self._read(deadline)
        if answer.get("id") != message["id"]:
            raise WorkerError("the answer belongs to another request")
        return answer

    def kill(self) -> None:
        """End the process; it has nothing to save."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):  # unsent bytes of a request whose worker is gone
                self._process.stdin.close()
        if self._reader >= 0:
            os.close(self._reader)
            self._reader = -1

    def _wait(self, handle: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(handle, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise WorkerError("no answer in time")

    def _write(self, content: bytes, deadline: float) -> None:
        if self._process.stdin is None:
            raise WorkerError("the worker has no stdin")
        handle = self._process.stdin.fileno()
        os.set_blocking(handle, False)
        try:
            while content:
                self._wait(handle, selectors.EVENT_WRITE, deadline)
                content = content[os.write(handle, content) :]
        except OSError as error:
            raise WorkerError("the worker is gone") from error

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            self._wait(self._reader, selectors.EVENT_READ, deadline)
            part = os.read(self._reader, 1 << 20)
            if not part:
                raise WorkerError("the worker is gone")
            self._buffer += part
            if len(self._buffer) > LARGEST_ANSWER:
                raise WorkerError("the answer has no end")
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            raise WorkerError("the answer cannot be read") from None
        if not isinstance(answer, dict):
            raise WorkerError("the answer cannot be read")
        return answer


def _environment(temp_directory: Path) -> dict[str, str]:
    """Libraries that write temporary or configuration files do so in the worker's own folder."""
    environment = dict(os.environ)
    # Without bytecode files the import of Great Expectations takes twice as long.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, (str(PROJECT), environment.get("PYTHONPATH")))
    )
    environment["GX_ANALYTICS_ENABLED"] = "false"
    environment["HOME"] = environment["TMPDIR"] = str(temp_directory)
    return environment
