"""A city of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.unit.ingest.ingest_world import City

# Nothing is timed in a test: a busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """An empty data root; the clock stands at 2018-04-01."""
    monkeypatch.setenv("TONGCHUAN_NOW", "2018-04-01T02:00:00")
    return City.at(tmp_path / "data")
