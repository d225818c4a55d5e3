"""What a process has parsed once, its next build takes; dbt changes it, so only that one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from foundation.paths import DataRoot
from orchestration import dbt_build

PARSED = object()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What dbt was asked for, and with what it was to build."""
    told: list[tuple[str, Any]] = []

    def invoke(
        root: DataRoot, verb: str, *arguments: str, callbacks: Any = None, parsed: Any = None
    ) -> Any:
        del root, arguments, callbacks
        told.append((verb, parsed))
        found = PARSED if verb == "parse" else SimpleNamespace(results=[])
        return SimpleNamespace(success=True, result=found)

    monkeypatch.setattr(dbt_build, "_invoke", invoke)
    monkeypatch.setattr(dbt_build, "_share", lambda _own: None)
    monkeypatch.setattr(dbt_build, "_HELD", {})
    return told


def test_a_build_takes_what_was_parsed_before_it_once(
    asked: list[tuple[str, Any]], tmp_path: Path
) -> None:
    root = DataRoot(tmp_path)
    root.build.mkdir(parents=True)
    dbt_build.parse(root)
    for _ in range(2):
        dbt_build.build(root, date(2018, 3, 29))
    assert asked == [("parse", None), ("build", PARSED), ("parse", None), ("build", PARSED)]


def test_what_was_parsed_of_other_code_or_for_another_root_does_not_count(
    asked: list[tuple[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, other = DataRoot(tmp_path / "a"), DataRoot(tmp_path / "b")
    for one in (root, other):
        one.build.mkdir(parents=True)
    dbt_build.parse(root)
    dbt_build.build(other, date(2018, 3, 29))
    dbt_build.parse(root)
    monkeypatch.setattr(dbt_build, "code_fingerprint", lambda: "other")
    dbt_build.build(root, date(2018, 3, 29))
    assert [verb for verb, _ in asked] == ["parse", "parse", "build", "parse", "parse", "build"]
