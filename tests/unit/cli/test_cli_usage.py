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
from tests.commands import finished


def command(root: Path, *arguments: str) -> tuple[int | None, str, str]:
    return finished(arguments, {**os.environ, "TONGCHUAN_DATA": str(root), "NO_COLOR": "1"})


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
    code, out, err = command(tmp_path, *words, "--json")
    document = json.loads(out)
    assert (code, document["exit_code"], err) == (2, 2, "")
    assert document["error"]
    code, out, err = command(tmp_path, *words)
    assert (code, out) == (2, "")
    assert err


def test_verify_says_that_nothing_was_released(tmp_path: Path) -> None:
    for _ in range(2):
        code, out, _ = command(tmp_path, "release", "verify", "--json")
        document = json.loads(out)
        assert code == 1
        assert (document["ok"], document["nothing_released"]) == (False, True)
        (tmp_path / "published").mkdir(exist_ok=True)
    code, out, _ = command(tmp_path, "release", "verify")
    assert code == 1
    assert "还没有发布" in out
    elsewhere = ("--published", str(tmp_path / "no"))
    code, out, _ = command(tmp_path, "release", "verify", *elsewhere, "--json")
    assert (code, json.loads(out)["exit_code"]) == (2, 2)


def test_help_and_success_end_with_zero(tmp_path: Path) -> None:
    code, out, _ = command(tmp_path, "release", "list", "--json")
    assert (code, json.loads(out)) == (0, [])
    assert command(tmp_path, "release", "list", "--help", "--json")[0] == 0


def test_help_loads_nothing_that_it_does_not_need() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli.main", "--help"],
        capture_output=True, text=True, check=True, cwd=PROJECT,
    )  # fmt: skip
    assert re.search(r"\|\s+cli\.summary$", told.stderr, re.MULTILINE)
    for heavy in ("polars", "sqlalchemy", "duckdb", "dagster", "orchestration"):
        assert not re.search(rf"\|\s+{heavy}(\.|$)", told.stderr, re.MULTILINE), heavy
