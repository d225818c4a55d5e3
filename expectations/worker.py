"""The gate's worker: `python -m expectations.worker FD`.

Imports Great Expectations (seconds), says that it is ready, then answers one JSON line per JSON
line. Requests come on stdin; answers go to the pipe FD, never to stdout: libraries print there.
Answers hold ids, statuses, counts and names of exception classes.

`TONGCHUAN_GATE_FAULT` (raise, garbage, die, hang) makes it misbehave, to prove that nothing passes
a broken gate.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog import Catalog
from expectations.expected import NoRows, NotNull, Unique
from expectations.later import load_later
from expectations.plan import plan
from expectations.request import GateRequest
from expectations.tables import connect, prepare
from foundation.errors import safe_error

if TYPE_CHECKING:
    from expectations.engine import Result

# Great Expectations is imported by `warm_up`, before the first request.
_FAULT = "TONGCHUAN_GATE_FAULT"
# A third of what Great Expectations loads is for expectations about distributions: none of ours.
_UNUSED = ("altair", "scipy.stats")
_MUTE = ("garbage", "die", "hang")  # faults of a worker that never gets to work


@lru_cache(maxsize=1)
def _catalog(folder: Path, _fingerprint: str) -> Catalog:
    """The catalogue, read again only when one of its files has changed."""
    return Catalog(folder)


def _has_geometry(catalog: Catalog, product: str) -> bool:
    return any(column.sql_type == "BLOB" for column in catalog.products[product].columns)


def answer(told: dict[str, Any]) -> dict[str, Any]:
    """Judge the products of one request.

    Returns:
        `results`: product to rows of (expectation id, status, unexpected, checked);
        `problems`: what could not run, classes only.
    """
    from expectations.engine import Engine

    request = GateRequest.from_json(told["request"])
    folder = Path(told["catalog"])
    catalog = _catalog(folder, Catalog(folder).fingerprint)
    files = [*request.composition.values(), *request.previous.values()]
    files += [request.reconciliation] if request.reconciliation else []
    spatial = any(_has_geometry(catalog, product) for product in request.judge)
    connection = connect(Path(told["temp_directory"]), files, spatial=spatial)
    results: dict[str, list[Result]] = {}
    problems: list[str] = []
    try:
        broken = prepare(connection, catalog, request)
        problems += [f"{product}: {text}" for product, text in sorted(broken.items())]
        judged = [product for product in request.judge if product not in broken]
        validator = Engine(connection, [catalog.products[p].model for p in judged])
        for product in judged:
            try:
                suite = plan(catalog, product, request)
                table = catalog.products[product].model
                results[product], raised = validator.run(table, suite)
                problems += [f"{product} {text}" for text in raised]
            except Exception as error:  # noqa: BLE001  # no result is a failure of this product
                problems.append(f"{product}: {safe_error(error)}")
    finally:
        connection.close()
    return {"id": told["id"], "results": results, "problems": problems}


def warm_up(temp_directory: Path) -> None:
    """Run one expectation of each kind, so that lazy imports are paid before the first request."""
    from expectations.engine import Engine

    connection = connect(temp_directory, [])
    connection.execute("CREATE TABLE main.warm AS SELECT 1 AS a, 2 AS b")
    Engine(connection, ["warm"]).run(
        "warm",
        [
            NotNull("a.not_null", "", "a"),
            Unique("a.unique", "", ("a",)),
            Unique("ab.unique", "", ("a", "b")),
            NoRows("none", "", "SELECT 1 FROM main.warm WHERE a = 0"),
        ],
    )
    connection.close()


def _misbehave(pipe: int, fault: str) -> None:
    if fault == "raise":
        from expectations.engine import raise_always

        raise_always()
    elif fault == "garbage":
        os.write(pipe, b"\x00\xff{ not an answer\n")
    elif fault == "die":
        os._exit(137)
    elif fault == "hang":
        time.sleep(86_400)


def _send(pipe: int, message: dict[str, Any]) -> None:
    content = (json.dumps(message) + "\n").encode()
    while content:
        content = content[os.write(pipe, content) :]


def main(pipe: int, temp_directory: Path) -> None:
    """Serve until stdin ends: the process that asks has closed it, or died."""
    fault = os.environ.get(_FAULT, "")
    load_later(*_UNUSED)
    if fault not in _MUTE:
        warm_up(temp_directory)
    _send(pipe, {"ready": True})
    for line in sys.stdin.buffer:
        told = json.loads(line)
        _misbehave(pipe, fault)
        try:
            message = answer(told)
        except Exception as error:  # noqa: BLE001  # answered without results: nothing passes
            message = {"id": told["id"], "results": {}, "problems": [safe_error(error)]}
        _send(pipe, message)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
