"""Places where a test may kill the process, to prove that any moment is a safe one to die.

`TONGCHUAN_FAILPOINT=<name>[:<n>]` ends the process at the n-th pass (default the first) of that
place, as `kill -9` would: no handler runs, no buffer is flushed.
"""

from __future__ import annotations

import os

_passes: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    told = os.environ.get("TONGCHUAN_FAILPOINT")
    if not told:
        return
    wanted, _, nth = told.partition(":")
    if wanted == name:
        _passes[name] = _passes.get(name, 0) + 1
        if _passes[name] >= int(nth or 1):
            os._exit(137)
