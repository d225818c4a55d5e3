"""Killed at any point, then recovered: the state before or after, never between."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import duckdb
import pytest
import yaml
from crash_driver import act
from sharing_world import ENTITIES, World

from catalog import Catalog
from ledger import Ledger
from sharing import Store, build_packages, recover, rollback, verify, verify_package

MORE = [*ENTITIES, ("e3", "丙公司", 1, None)]


def killed(folder: Path, action: str, failpoint: str) -> None:
    """Run an action in a process that dies at a failpoint."""
    process = multiprocessing.get_context("forkserver").Process(
        target=act, args=(folder, action, failpoint)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 137


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
    released: World, tmp_path: Path, failpoint: str, is_committed: bool
) -> None:
    killed(tmp_path, "release", failpoint)
    store = Store(released.root.published)
    assert store.numbers() == ([1, 2] if is_committed else [1])
    recover(released.root, released.ledger, released.catalog, released.keys)
    expected = 2 if is_committed else 1
    assert store.current_number() == expected
    assert [r.number for r in released.ledger.releases()] == list(range(1, expected + 1))
    assert served_by_analysts(released) == expected
    assert recover(released.root, released.ledger, released.catalog, released.keys) == []
    leftovers = [p for p in store.folder.rglob("*") if p.name.startswith(".")]
    assert leftovers == []
    named = {s.sha256 for n in store.numbers() for s in store.release(n).products.values()}
    assert {path.stem for path in store.objects.iterdir()} == named
    released.build(entities=MORE)
    assert released.release().number == (None if is_committed else 2)
    assert store.current_number() == 2
    assert verify(released.root.published) == []


@pytest.mark.parametrize("failpoint", ["rollback.recorded", "rollback.current"])
def test_a_killed_rollback_is_finished(released: World, tmp_path: Path, failpoint: str) -> None:
    released.build(entities=MORE)
    released.release()
    killed(tmp_path, "rollback", failpoint)
    assert recover(released.root, released.ledger, released.catalog, released.keys)
    assert Store(released.root.published).current_number() == 1
    assert served_by_analysts(released) == 1
    rollback(
        released.root, released.ledger, released.catalog, released.keys, 2, by="王", reason="又可以"
    )
    recover(released.root, released.ledger, released.catalog, released.keys)
    assert Store(released.root.published).current_number() == 2


def test_a_lost_ledger_is_filled_from_the_releases(released: World, tmp_path: Path) -> None:
    fresh = Ledger(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    told = recover(released.root, fresh, released.catalog, released.keys)
    assert len(told) == 1
    assert [r.number for r in fresh.releases()] == [1]


def _one_grant(world: World) -> None:
    grant = {
        "consumer": "statistics", "consumer_title_cn": "统计局",
        "product": "legal_entity.objection", "columns": [{"name": "objection_id"}],
        "purpose": "数据核对", "purpose_kind": "数据校核", "approval_no": "铜数函 1",
        "from": "2018-01-01", "until": "2018-12-31",
    }  # fmt: skip
    path = world.catalog.folder / "grants" / "test.yml"
    path.write_text(yaml.safe_dump({"grants": [grant]}, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("failpoint", ["package.before_commit", "package.committed"])
def test_a_killed_package_is_made_and_recorded_once(
    released: World, tmp_path: Path, failpoint: str
) -> None:
    _one_grant(released)
    killed(tmp_path, "packages", failpoint)
    catalog = Catalog(released.catalog.folder)
    for _ in range(2):
        [outcome] = build_packages(released.root, released.ledger, catalog, released.keys, by="王")
    assert outcome.status == "exists"
    assert outcome.folder is not None
    assert verify_package(outcome.folder, released.keys.folder / "signing.pub.pem") == []
    assert len(released.ledger.accesses()) == 1
    assert [p.name for p in outcome.folder.parent.iterdir()] == ["1"]


def test_a_package_killed_before_the_ledger_is_entered_after_the_next_release(
    released: World, tmp_path: Path
) -> None:
    _one_grant(released)
    killed(tmp_path, "packages", "package.committed")
    released.build(entities=MORE)
    assert released.release().number == 2
    catalog = Catalog(released.catalog.folder)
    for _ in range(2):
        build_packages(released.root, released.ledger, catalog, released.keys, by="王")
    accesses = released.ledger.accesses()
    assert [(a.release, a.rows) for a in accesses] == [(1, 1), (2, 1)]
    assert [a.request.split(" ")[3] for a in accesses] == ["1", "2"]
