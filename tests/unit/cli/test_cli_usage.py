"""Wrong usage and an empty store: one JSON document, and an exit code that says what it was."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.paths import PROJECT


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments], capture_output=True, text=True, check=False,
        cwd=PROJECT, env={**os.environ, "TONGCHUAN_DATA": str(root), "NO_COLOR": "1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("nightly", "--no-such-option"),
        ("nightly", "--business-date", "2018-02-30"),
        ("simulate", "--people", "many", "--seed", "1"),
        ("release", "rollback"),
        ("release", "approve", "population.person", "--reason", " "),
        ("no-such-command",),
    ],
)
def test_wrong_usage_is_one_document_on_stdout(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = command(tmp_path, *words, "--json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["exit_code"], told.stderr) == (2, 2, "")
    assert document["error"]
    plain = command(tmp_path, *words)
    assert (plain.returncode, plain.stdout) == (2, "")
    assert plain.stderr


def test_verify_says_that_nothing_was_released(tmp_path: Path) -> None:
    for _ in range(2):
        told = command(tmp_path, "release", "verify", "--json")
        document = json.loads(told.stdout)
        assert told.returncode == 1
        assert (document["ok"], document["nothing_released"]) == (False, True)
        (tmp_path / "published").mkdir(exist_ok=True)
    plain = command(tmp_path, "release", "verify")
    assert plain.returncode == 1
    assert "还没有发布" in plain.stdout
    elsewhere = command(
        tmp_path, "release", "verify", "--published", str(tmp_path / "no"), "--json"
    )
    assert (elsewhere.returncode, json.loads(elsewhere.stdout)["exit_code"]) == (2, 2)


def test_help_and_success_end_with_zero(tmp_path: Path) -> None:
    told = command(tmp_path, "release", "list", "--json")
    assert (told.returncode, json.loads(told.stdout)) == (0, [])
    assert command(tmp_path, "release", "list", "--help", "--json").returncode == 0


def test_help_loads_nothing_that_it_does_not_need() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli.main", "--help"],
        capture_output=True, text=True, check=True, cwd=PROJECT,
    )  # fmt: skip
    assert re.search(r"\|\s+cli\.summary$", told.stderr, re.MULTILINE)
    for heavy in ("polars", "sqlalchemy", "duckdb", "dagster", "orchestration"):
        assert not re.search(rf"\|\s+{heavy}(\.|$)", told.stderr, re.MULTILINE), heavy
