"""Killed at any point, then recovered: the state before or after, never between."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from sharing_world import ENTITIES, World

from foundation.paths import PROJECT
from sharing import Store, recover, rollback, verify

MORE = [*ENTITIES, ("e3", "丙公司", 1, None)]


def killed(folder: Path, action: str, failpoint: str) -> None:
    """Run an action in a process that dies at a failpoint."""
    paths = f"{PROJECT}:{Path(__file__).parent}"
    environment = {**os.environ, "TONGCHUAN_FAILPOINT": failpoint, "PYTHONPATH": paths}
    driver = Path(__file__).parent / "crash_driver.py"
    done = subprocess.run(
        [sys.executable, str(driver), str(folder), action],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 137, done.stderr


def served_by_analysts(world: World) -> int:
    """The number of the release in the analysts' file."""
    with duckdb.connect(str(world.root.analysts / "marts.duckdb"), read_only=True) as connection:
        [(number,)] = connection.execute("SELECT number FROM meta.release").fetchall()
    return int(number)


@pytest.mark.parametrize(
    ("failpoint", "is_committed"),
    [
        ("release.decided", False),
        ("release.object", False),
        ("release.folder_written", False),
        ("analysts.file_written", False),
        ("release.before_commit", False),
        ("release.committed", True),
        ("release.recorded", True),
        ("release.current", True),
        ("analysts.before_rename", True),
    ],
)
def test_a_release_killed_anywhere_is_made_once(
    world: World, tmp_path: Path, failpoint: str, is_committed: bool
) -> None:
    world.release()
    killed(tmp_path, "release", failpoint)
    store = Store(world.root.published)
    assert store.numbers() == ([1, 2] if is_committed else [1])
    recover(world.root, world.ledger, world.catalog, world.keys)
    expected = 2 if is_committed else 1
    assert store.current_number() == expected
    assert [r.number for r in world.ledger.releases()] == list(range(1, expected + 1))
    assert served_by_analysts(world) == expected
    assert recover(world.root, world.ledger, world.catalog, world.keys) == []
    leftovers = [p for p in store.folder.rglob("*") if p.name.startswith(".")]
    assert leftovers == []
    world.build(entities=MORE)
    assert world.release().number == (None if is_committed else 2)
    assert store.current_number() == 2
    assert verify(world.root.published) == []


@pytest.mark.parametrize("failpoint", ["rollback.recorded", "rollback.current"])
def test_a_killed_rollback_is_finished(world: World, tmp_path: Path, failpoint: str) -> None:
    world.release()
    world.build(entities=MORE)
    world.release()
    killed(tmp_path, "rollback", failpoint)
    assert recover(world.root, world.ledger, world.catalog, world.keys)
    assert Store(world.root.published).current_number() == 1
    assert served_by_analysts(world) == 1
    rollback(world.root, world.ledger, world.catalog, world.keys, 2, by="王", reason="又可以")
    recover(world.root, world.ledger, world.catalog, world.keys)
    assert Store(world.root.published).current_number() == 2


def test_a_lost_ledger_is_filled_from_the_releases(world: World, tmp_path: Path) -> None:
    world.release()
    from ledger import Ledger  # noqa: PLC0415

    fresh = Ledger(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    told = recover(world.root, fresh, world.catalog, world.keys)
    assert len(told) == 1
    assert [r.number for r in fresh.releases()] == [1]
