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


@pytest.fixture(scope="session")
def released_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That world after its first release."""
    folder = tmp_path_factory.mktemp("released") / "world"
    World.open(Path(shutil.copytree(template, folder))).release()
    return folder


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment reaches a world."""
    for name in ("TONGCHUAN_FAILPOINT", "TONGCHUAN_KEY_DIR", "TONGCHUAN_LEDGER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def world(template: Path, tmp_path: Path, settled: None) -> World:
    """A world whose warehouse is built."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return World.open(tmp_path)


@pytest.fixture
def released(released_template: Path, tmp_path: Path, settled: None) -> World:
    """A world after its first release."""
    shutil.copytree(released_template, tmp_path, dirs_exist_ok=True)
    return World.open(tmp_path)
