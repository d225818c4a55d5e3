"""Fixtures of the gate's tests."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from expectations import Gate

sys.path.insert(0, str(Path(__file__).parent))  # pytest does not, under --import-mode=importlib

from gate_city import FAULTS, City


@pytest.fixture(scope="session")
def good_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the good city, made once."""
    return City(tmp_path_factory.mktemp("good") / "city").folder


@pytest.fixture
def city(tmp_path: Path, good_folder: Path) -> City:
    """A good city of a thousand people, to be changed."""
    return City(Path(shutil.copytree(good_folder, tmp_path / "city")))


@pytest.fixture(scope="session")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Gate]]:
    """A whole gate ('') and one of each fault, started at once: each start takes seconds."""
    started: dict[str, Gate] = {}
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for fault in ("", *FAULTS):
            patch.setenv("TONGCHUAN_GATE_FAULT", fault)
            folder = tmp_path_factory.mktemp(f"gate{fault}")
            started[fault] = stack.enter_context(Gate(temp_directory=folder))
        patch.setenv("TONGCHUAN_GATE_FAULT", "")
        yield started


@pytest.fixture
def gate(gates: dict[str, Gate]) -> Gate:
    """The gate that works."""
    return gates[""]
