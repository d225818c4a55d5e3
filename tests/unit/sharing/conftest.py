"""Fixtures of the sharing tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from sharing_world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose warehouse is built once."""
    monkeypatch.delenv("TONGCHUAN_FAILPOINT", raising=False)
    monkeypatch.delenv("TONGCHUAN_KEY_DIR", raising=False)
    monkeypatch.delenv("TONGCHUAN_LEDGER_URL", raising=False)
    made = World.make(tmp_path)
    made.build()
    return made
