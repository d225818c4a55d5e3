"""Imports point downward only, and what is slow to import is imported late."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.paths import PROJECT

ORDER = ("cli", "orchestration", "sharing", "expectations", "linkage", "ingest", "simulator",
         "ledger", "catalog", "foundation")  # fmt: skip
ONLY = {"catalog": set(), "foundation": set(), "simulator": {"catalog", "foundation"},
        "linkage": {"catalog", "foundation"}}  # fmt: skip
# The simulator is only for the command line, tests and benchmarks.
NOT_FROM = {room: {"simulator"} for room in ORDER if room not in ("cli", "simulator")}
SLOW = {"dagster", "dbt", "great_expectations", "pandas", "pyogrio", "pyproj", "shapely", "splink"}
MODULES = sorted(p for room in ORDER for p in (PROJECT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""


def allowed(room: str) -> set[str]:
    below = set(ORDER[ORDER.index(room) + 1 :])
    return {room} | (ONLY.get(room, below) - NOT_FROM.get(room, set()))


@pytest.mark.parametrize("room", ORDER)
def test_imports_point_downward(room: str) -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}:{line} imports {name}"
        for path in MODULES
        if path.relative_to(PROJECT).parts[0] == room
        for line, name in imported(path)
        if (target := name.split(".")[0]) in ORDER and target not in allowed(room)
    ]
    assert wrong == []
    assert any(path.relative_to(PROJECT).parts[0] == room for path in MODULES)


def test_every_module_is_looked_at() -> None:
    found = {p.parent.name for p in PROJECT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert found == set(ORDER)


@pytest.mark.parametrize(
    "module",
    ["cli.main", "orchestration.state", "ingest.service", "expectations", "linkage", "sharing"],
)
def test_starting_loads_nothing_slow(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert module.split(".", maxsplit=1)[0] in loaded
    assert loaded & SLOW == set()
