"""Fixtures of the sharing tests."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # helpers beside the tests; importlib mode adds none

from sharing_world import World


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a world whose warehouse is built, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    World.make(folder).build()
    return folder


@pytest.fixture
def world(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose warehouse is built."""
    for name in ("TONGCHUAN_FAILPOINT", "TONGCHUAN_KEY_DIR", "TONGCHUAN_LEDGER_URL"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return World.open(tmp_path)
