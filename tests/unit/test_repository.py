"""The repository itself: no machine, no registry host; every package says what belongs in it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from foundation.paths import PROJECT

PACKAGES = sorted(p for p in PROJECT.glob("*/__init__.py") if p.parent.name != "tests")
_MACHINE = re.compile(r"(?<![\w.<>])/(?:work|root|tmp|home/\w+)/")
_INDEX = re.compile(r"https?://[^\s\"')]*(?:simple/|pypi|registry|mirror)[^\s\"')]*", re.IGNORECASE)
_TEXT = {".py", ".sql", ".yml", ".yaml", ".toml", ".txt", ".md", ".sh", ".j2", ".mako", ""}


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [p for n in done.stdout.split("\0") if n and (p := PROJECT / n).is_file()]


def test_no_path_of_a_machine_and_no_registry_host() -> None:
    found = []
    for path in tracked():
        if path.suffix not in _TEXT or "tests" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if _MACHINE.search(line) or _INDEX.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_nothing_made_at_run_time_is_kept() -> None:
    kept = [p.relative_to(PROJECT) for p in tracked()]
    assert [p for p in kept if p.parts[0] == "data" and p.name != "README.md"] == []
    assert [p for p in kept if p.suffix in {".sqlite", ".duckdb", ".parquet", ".key", ".pem"}] == []


def test_the_readme_says_how_to_test() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert "make test" in readme
    assert re.search(r"^test:", makefile, re.MULTILINE)
    for target in set(re.findall(r"(?m)(?:`|^\s*)make ([a-z]+)\b", readme)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


@pytest.mark.parametrize("path", PACKAGES, ids=[p.parent.name for p in PACKAGES])
def test_every_package_says_what_belongs_in_it(path: Path) -> None:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "elongs here" in told
    assert "Does not belong here" in told
