"""One writer at a time. The lock falls with its process, so a killed night leaves none behind."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation import clock
from foundation.errors import BusyError

_held: dict[Path, int] = {}


@contextmanager
def exclusive(path: Path, purpose: str) -> Iterator[None]:
    """Hold the lock at `path`; entering it again in the same process is free.

    Raises:
        BusyError: another process holds it; the text says which, since when and for what.
    """
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise BusyError(
                f"另一个任务正在运行 / another task holds the lock: {stream.read().strip()}",
                "wait for it to end, or stop that process; nothing was changed by this one",
            ) from None
        stream.truncate(0)
        holder = {
            "pid": os.getpid(),
            "since": clock.now().isoformat(timespec="seconds"),
            "purpose": purpose,
        }
        stream.write(json.dumps(holder, ensure_ascii=False))
        stream.flush()
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
            stream.truncate(0)
