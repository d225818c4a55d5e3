"""Simulated cities that several tests read; made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from foundation.paths import DataRoot
from simulator import Summary, simulate

ARGUMENTS: dict[str, Any] = {"people": 2000, "seed": 42}
RATE = 0.3


@dataclass(frozen=True)
class City:
    """A simulated city and the arguments it was made with."""

    root: DataRoot
    summary: Summary
    arguments: dict[str, Any]


@pytest.fixture(scope="session")
def damaged_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three nights of 2000 people with many damaged rows, written at once."""
    root = DataRoot(tmp_path_factory.mktemp("damaged"))
    return City(
        root, simulate(root, **ARGUMENTS, nights=3, damage=RATE), ARGUMENTS | {"damage": RATE}
    )


@pytest.fixture(scope="session")
def clean_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The same city without damage."""
    root = DataRoot(tmp_path_factory.mktemp("clean"))
    return City(
        root, simulate(root, **ARGUMENTS, nights=3, damage=0.0), ARGUMENTS | {"damage": 0.0}
    )


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inbox of night 1 alone, damaged as in `damaged_city`."""
    root = DataRoot(tmp_path_factory.mktemp("first"))
    simulate(root, **ARGUMENTS, nights=3, only_night=1, damage=RATE)
    return root.root
