"""Objects that no release names are removed; no other ever is."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from sharing_world import ENTITIES, World
from test_crash import killed

from sharing import Store, recover, verify
from sharing.objects import remove_orphans

MORE = [*ENTITIES, ("e3", "丙公司", 1, None)]


def mend(world: World) -> list[str]:
    """Recover."""
    return recover(world.root, world.ledger, world.catalog, world.keys)


def orphan(store: Store, text: str) -> Path:
    """An object of a release step that was killed."""
    source = store.folder.parent / f"{text}.parquet"
    source.write_text(text)
    digest, _ = store.put_object(source)
    return store.object_path(digest)


def test_objects_of_a_killed_release_step_are_removed_and_told(
    released: World, tmp_path: Path
) -> None:
    store = Store(released.root.published)
    before = sorted(store.objects.iterdir())
    killed(tmp_path, "release", "release.object:3")
    assert len(list(store.objects.iterdir())) == len(before) + 1
    [told] = mend(released)
    assert "1 个" in told
    assert sorted(store.objects.iterdir()) == before
    assert mend(released) == []
    assert verify(released.root.published) == []


def test_a_killed_removal_is_finished(released: World, tmp_path: Path) -> None:
    store = Store(released.root.published)
    orphans = [orphan(store, text) for text in ("one", "two", "three")]
    killed(tmp_path, "recover", "objects.removed")
    assert sum(path.exists() for path in orphans) == 2
    assert "2 个" in mend(released)[0]
    assert not any(path.exists() for path in orphans)
    assert verify(released.root.published) == []


def test_what_any_release_names_stays_even_without_links(released: World, tmp_path: Path) -> None:
    released.build(entities=MORE)
    released.release()
    shutil.copytree(released.root.published, tmp_path / "copy")  # every file with one link
    store = Store(tmp_path / "copy")
    assert {path.stat().st_nlink for path in store.objects.iterdir()} == {1}
    extra, count = orphan(store, "one"), len(list(store.objects.iterdir()))
    assert remove_orphans(store) == 1
    assert not extra.exists()
    assert len(list(store.objects.iterdir())) == count - 1


@pytest.mark.parametrize("damage", ["", '{"resources": [{}]}'])
def test_nothing_is_removed_while_a_manifest_cannot_be_read(
    released: World, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = Store(released.root.published)
    extra = orphan(store, "one")
    (store.releases / "1" / "datapackage.json").write_text(damage)
    with caplog.at_level(logging.WARNING, "tongchuan"):
        assert remove_orphans(store) == 0
    assert "manifest is damaged" in caplog.text
    assert extra.exists()
