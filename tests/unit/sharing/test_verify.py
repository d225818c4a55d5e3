"""Verification needs the folder and the key only, and finds every kind of tampering."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from sharing_world import ENTITIES, World

from foundation.errors import ConfigurationError
from foundation.files import sha256_file
from foundation.keys import KeyRing
from sharing import Store, verify
from sharing.signing import sealed_bytes
from sharing.verify import NOTHING

TABLE = "population.person.parquet"


@pytest.fixture(scope="module")
def two(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with two releases."""
    folder = tmp_path_factory.mktemp("two")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    world = World.open(folder)
    world.release()
    world.build(entities=[*ENTITIES, ("e3", "丙公司", 1, None)])
    world.release()
    return folder


@pytest.fixture
def world(two: Path) -> World:
    """The world of the two releases."""
    return World.open(two)


@pytest.fixture
def copy(two: Path, tmp_path: Path) -> Path:
    """A store of two releases, copied elsewhere; its files are writable."""
    target = tmp_path / "elsewhere"
    shutil.copytree(two / "data" / "published", target)
    for path in target.rglob("*.parquet"):
        path.chmod(0o600)
    return target


def test_a_copy_verifies_with_the_key_alone(copy: Path, world: World, tmp_path: Path) -> None:
    key = tmp_path / "handed_out.pem"
    key.write_bytes(world.keys.public_pem())
    assert verify(copy, key) == []
    assert verify(copy, number=1) == []
    other = tmp_path / "other.pem"
    other.write_bytes(KeyRing(tmp_path / "otherkeys").public_pem())
    problems = verify(copy, other)
    assert len([p for p in problems if "signature" in p]) == 2


def _change_table(folder: Path) -> None:
    path = folder / TABLE
    path.write_bytes(path.read_bytes()[:-9] + b"x" + path.read_bytes()[-8:])


def _remove_table(folder: Path) -> None:
    (folder / TABLE).unlink()


def _add_file(folder: Path) -> None:
    (folder / "extra.csv").write_text("a")


def _edit_manifest(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")


def _edit_certificate(folder: Path) -> None:
    path = folder / "certificate.json"
    path.write_text(path.read_text(encoding="utf-8").replace("2018-03-31", "2018-03-30"))


def _remove_certificate(folder: Path) -> None:
    (folder / "certificate.json").unlink()


@pytest.mark.parametrize(
    ("tamper", "word"),
    [
        (_change_table, "differs from its hash"),
        (_remove_table, "is missing"),
        (_add_file, "unexpected file extra.csv"),
        (_edit_manifest, "differs from the certificate"),
        (_edit_certificate, "signature"),
        (_remove_certificate, "certificate.json"),
    ],
)
def test_tampering_is_found(copy: Path, tamper: Callable[[Path], None], word: str) -> None:
    tamper(copy / "releases" / "2")
    problems = verify(copy)
    assert any(word in p for p in problems), problems
    assert verify(copy, number=1) == []


def test_a_resigned_earlier_release_breaks_the_chain(copy: Path, world: World) -> None:
    path = copy / "releases" / "1" / "certificate.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name in ("signature", "algorithm", "key_id"):
        del document[name]
    document["run_id"] = 99
    path.write_bytes(sealed_bytes(document, world.keys))
    assert verify(copy, number=1) == []
    [problem] = verify(copy)
    assert "certificate 1 was changed" in problem


def test_a_missing_release_breaks_the_chain(copy: Path) -> None:
    shutil.rmtree(copy / "releases" / "1")
    assert any("is missing" in p for p in verify(copy))


def test_rows_and_fingerprint_are_recomputed(copy: Path, world: World) -> None:
    # Everything signed again around a wrong table: only recomputing finds it.
    folder = copy / "releases" / "2"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE ('x' AS name) FROM '{folder / TABLE}') "
            f"TO '{folder / 'new'}' (FORMAT parquet)"
        )
    shutil.move(folder / "new", folder / TABLE)
    served = Store(copy).release(2)
    package, certificate = served.datapackage, served.certificate
    digest = sha256_file(folder / TABLE)
    resource = next(r for r in package["resources"] if r["name"] == "population.person")
    resource["hash"] = f"sha256:{digest}"
    (folder / "datapackage.json").write_text(json.dumps(package))
    certificate["products"]["population.person"]["sha256"] = digest
    certificate["datapackage_sha256"] = sha256_file(folder / "datapackage.json")
    for name in ("signature", "algorithm", "key_id"):
        del certificate[name]
    (folder / "certificate.json").write_bytes(sealed_bytes(certificate, world.keys))
    assert verify(copy) == [
        "发布 2 / release 2: population.person: 指纹不符 / the fingerprint differs"
    ]


def test_current_and_the_analysts_object_are_checked_too(copy: Path) -> None:
    (copy / "CURRENT").write_text("7\n")
    path = copy / "analysts" / "1.duckdb"
    path.write_bytes(path.read_bytes() + b"\0")
    problems = verify(copy)
    assert any("CURRENT" in p for p in problems)
    assert any("analysts" in p for p in problems)


def test_no_store_no_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no release store"):
        verify(tmp_path / "nothing")
    (tmp_path / "releases" / "1").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="public key"):
        verify(tmp_path)


def test_a_store_without_a_release_is_not_called_verified(tmp_path: Path) -> None:
    assert verify(tmp_path) == [NOTHING]
    with pytest.raises(ConfigurationError, match="public key"):
        verify(tmp_path, number=1)


def test_a_store_that_lost_its_releases_is_found(copy: Path) -> None:
    shutil.rmtree(copy / "releases")
    assert verify(copy) == ["CURRENT 未指向任何发布 / CURRENT names no release"]
