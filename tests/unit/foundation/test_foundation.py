"""Atomic files, the lock, keys, the clock, errors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from foundation import clock, files
from foundation.errors import (
    BusyError,
    ConfigurationError,
    IntegrityError,
    TongchuanError,
    safe_error,
)
from foundation.keys import KeyRing, key_id, verify_signature
from foundation.lock import exclusive
from foundation.paths import PROJECT, DataRoot


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
    )  # fmt: skip


_WRITE = """
from pathlib import Path
from foundation.failpoint import failpoint
from foundation.files import atomic_path, atomic_folder
with atomic_path(Path({path!r})) as temporary:
    temporary.write_text("new, half")
    failpoint("half")
    temporary.write_text("new, whole")
with atomic_folder(Path({folder!r})) as temporary:
    (temporary / "a").write_text("1")
    failpoint("folder")
    (temporary / "b").write_text("2")
"""


@pytest.mark.parametrize(
    ("failpoint", "text", "names"),
    [("half", "old", None), ("folder", "new, whole", None), ("never", "new, whole", ["a", "b"])],
)
def test_a_crash_leaves_before_or_after(
    tmp_path: Path, failpoint: str, text: str, names: list[str] | None
) -> None:
    path, folder = tmp_path / "file", tmp_path / "folder"
    path.write_text("old")
    code = _WRITE.format(path=str(path), folder=str(folder))
    done = python(code, TONGCHUAN_FAILPOINT=failpoint)
    assert done.returncode == (0 if failpoint == "never" else 137), done.stderr
    assert path.read_text() == text
    found = sorted(p.name for p in folder.iterdir()) if folder.exists() else None
    assert found == names
    if failpoint == "folder":
        assert python(code).returncode == 0  # what the dead one left behind is no obstacle
        assert sorted(p.name for p in folder.iterdir()) == ["a", "b"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with pytest.raises(IsADirectoryError), files.atomic_path(target) as temporary:
        (temporary.parent / temporary.name).write_text(tmp_path.read_text())
    with pytest.raises(IsADirectoryError), files.atomic_folder(tmp_path / "folder") as temporary:
        (temporary / "a").write_text(tmp_path.read_text())
    assert list(tmp_path.iterdir()) == []


def test_folders_are_written_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        try:
            with files.atomic_folder(tmp_path / "folder") as temporary:
                (temporary / name).write_text(name)
        except OSError:
            assert name == "b"
    assert [p.name for p in (tmp_path / "folder").iterdir()] == ["a"]


def test_hashes_json_and_private_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    files.write_json(path, {"名": 1})
    assert json.loads(path.read_text(encoding="utf-8")) == {"名": 1}
    assert files.sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert files.canonical_json({"b": 1, "a": "名"}) == '{"a":"名","b":1}'
    (tmp_path / "open").mkdir(mode=0o755)
    for folder in (tmp_path / "open", tmp_path / "new" / "deep"):
        assert stat.S_IMODE(files.make_private(folder).stat().st_mode) == 0o700


_HOLD = """
import sys, time
from pathlib import Path
from foundation.lock import exclusive
with exclusive(Path(sys.argv[1]), "nightly"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_names_its_holder_and_falls_with_it(tmp_path: Path) -> None:
    path = tmp_path / "night.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError) as caught, exclusive(path, "other"):
            pass
        assert str(holder.pid) in str(caught.value)
        assert "nightly" in str(caught.value)
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with exclusive(path, "other"), exclusive(path, "inner"):
        assert json.loads(path.read_text())["purpose"] == "other"
    assert path.read_text() == ""


def test_keys_are_private_and_made_once(tmp_path: Path) -> None:
    rings = [KeyRing(tmp_path / "keys") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda ring: ring.secret, rings[:1])) | {r.secret for r in rings}
    assert len(secrets) == 1
    assert len({ring.public_pem() for ring in rings}) == 1
    for name in ("pseudonym.key", "signing.pem"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert len(list((tmp_path / "keys").iterdir())) == 3


def test_a_race_of_processes_makes_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from foundation.keys import KeyRing;"
        "ring = KeyRing(Path(sys.argv[1])); print(ring.secret.hex(), ring.public_pem().hex())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "keys")]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    racing = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    told = {process.communicate()[0] for process in racing}
    assert [process.returncode for process in racing] == [0] * 4
    assert len(told) == 1


def test_ids_are_hmacs_of_their_purpose(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    values = ["610203198001010019", "", "王"]
    key = hashlib.sha256(ring.secret + b"\x1fperson").digest()
    slow = [
        base64.b32encode(hmac.new(key, v.encode(), "sha256").digest()[:16]).decode()[:26].lower()
        for v in values
    ]
    assert ring.keyed_ids("person", values) == slow
    assert KeyRing(tmp_path).keyed_ids("person", values) == slow
    assert set(ring.keyed_ids("entity", values)).isdisjoint(slow)
    (tmp_path / "pseudonym.key").write_text("damaged")
    with pytest.raises(ConfigurationError, match="damaged"):
        _ = KeyRing(tmp_path).secret


def test_signatures(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    pem = ring.public_pem()
    signature = ring.sign(b"message")
    verify_signature(pem, b"message", signature)
    assert key_id(pem) == hashlib.sha256(pem).hexdigest()[:16]
    other = KeyRing(tmp_path / "other").public_pem()
    for wrong in (
        (pem, b"messagf", signature),
        (other, b"message", signature),
        (pem, b"message", "x"),
    ):
        with pytest.raises(IntegrityError):
            verify_signature(*wrong)


def test_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGCHUAN_NOW", "2018-03-31T02:00:00")
    assert clock.now() == datetime(2018, 3, 31, 2)
    assert clock.today().isoformat() == "2018-03-31"
    ticks = [clock.tick() for _ in range(5)]
    assert ticks == sorted(set(ticks))
    monkeypatch.setenv("TONGCHUAN_NOW", "2018-03-31T20:00:00+00:00")
    assert clock.now() == datetime(2018, 4, 1, 4)
    monkeypatch.setenv("TONGCHUAN_NOW", "tomorrow")
    with pytest.raises(ConfigurationError, match="TONGCHUAN_NOW"):
        clock.now()
    monkeypatch.delenv("TONGCHUAN_NOW")
    assert clock.now().tzinfo is None


def test_errors_do_not_quote_values() -> None:
    try:
        int("610203198001010019x")
    except ValueError as error:
        told = safe_error(error)
    assert told.startswith("ValueError (test_foundation.py:")
    assert "6102" not in told
    assert safe_error(ConfigurationError("what", "do this")) == "what\n  → do this"
    assert (TongchuanError.exit_code, ConfigurationError.exit_code) == (3, 2)
    assert (BusyError.exit_code, IntegrityError.exit_code) == (1, 1)


def test_paths_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TONGCHUAN_DATA", str(tmp_path))
    monkeypatch.delenv("TONGCHUAN_KEY_DIR", raising=False)
    monkeypatch.delenv("TONGCHUAN_LEDGER_URL", raising=False)
    root = DataRoot.from_environment()
    assert (root.root, root.keys) == (tmp_path, tmp_path / "keys")
    assert root.ledger_url == f"sqlite:///{tmp_path}/ledger.sqlite"
    monkeypatch.setenv("TONGCHUAN_KEY_DIR", str(tmp_path / "else"))
    monkeypatch.setenv("TONGCHUAN_LEDGER_URL", "sqlite://")
    assert (root.keys, root.ledger_url) == (tmp_path / "else", "sqlite://")
    monkeypatch.delenv("TONGCHUAN_DATA")
    assert DataRoot.from_environment().root == PROJECT / "data"
