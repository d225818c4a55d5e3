"""The release store on disk: objects, release folders, `CURRENT`.

Written once, by temporary name, fsync and rename. An object is named by its SHA-256; a release
folder holds hard links to objects and is a whole Data Package that can be copied as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from foundation.errors import ConfigurationError, IntegrityError
from foundation.files import atomic_path, fsync_path, make_private, write_bytes, write_text
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from sharing.records import Columns

PUBLIC_KEY = "public_key.pem"
DATAPACKAGE, CERTIFICATE = "datapackage.json", "certificate.json"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Served:
    """One table of a release."""

    product: str
    path: Path
    sha256: str
    size: int
    rows: int
    fingerprint: str
    columns: Columns
    descriptor: Mapping[str, Any]


@dataclass(frozen=True)
class Release:
    """One release as it lies on disk; read as needed, not verified (see `sharing.verify`)."""

    number: int
    folder: Path

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / name).read_bytes())
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise IntegrityError(
                f"发布 {self.number}: {name} 无法读取 / is unreadable",
                "restore published/ from backup",
            )
        return found

    @cached_property
    def datapackage(self) -> dict[str, Any]:
        """The Data Package descriptor."""
        return self._json(DATAPACKAGE)

    @cached_property
    def certificate(self) -> dict[str, Any]:
        """The certificate, signature included."""
        return self._json(CERTIFICATE)

    @property
    def certificate_sha256(self) -> str:
        """SHA-256 of the certificate file."""
        return hashlib.sha256((self.folder / CERTIFICATE).read_bytes()).hexdigest()

    @property
    def business_date(self) -> date:
        """The business date it was computed for."""
        return date.fromisoformat(self.certificate["business_date"])

    @property
    def released_at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.certificate["released_at"])

    @cached_property
    def products(self) -> dict[str, Served]:
        """Its tables by product."""
        return {r["name"]: self._served(r) for r in self.datapackage["resources"]}

    def _served(self, resource: Mapping[str, Any]) -> Served:
        fields = resource["schema"]["fields"]
        return Served(
            product=resource["name"],
            path=self.folder / resource["path"],
            sha256=resource["hash"].removeprefix("sha256:"),
            size=resource["fileBytes"],
            rows=resource["rows"],
            fingerprint=resource["fingerprint"],
            columns=tuple((f["name"], f["sqlType"]) for f in fields),
            descriptor=resource,
        )


@dataclass(frozen=True)
class Store:
    """The folder `published/`."""

    folder: Path

    @classmethod
    def of(cls, root: DataRoot) -> Store:
        """The store of a data root; its folders are made where they are missing."""
        store = cls(root.published)
        for folder in (store.folder, store.objects, store.releases):
            make_private(folder).chmod(0o700)
        return store

    @property
    def objects(self) -> Path:
        """Immutable files by SHA-256."""
        return self.folder / "objects"

    @property
    def releases(self) -> Path:
        """One folder per release."""
        return self.folder / "releases"

    def numbers(self) -> list[int]:
        """The numbers of all complete releases, ascending."""
        if not self.releases.is_dir():
            return []
        return sorted(int(p.name) for p in self.releases.iterdir() if p.name.isdecimal())

    def release(self, number: int) -> Release:
        """One release.

        Raises:
            ConfigurationError: there is none of that number.
        """
        folder = self.releases / str(number)
        if not folder.is_dir():
            known = ", ".join(map(str, self.numbers())) or "none"
            raise ConfigurationError(
                f"没有发布 {number} / there is no release {number}", f"there are: {known}"
            )
        return Release(number, folder)

    def current_number(self) -> int | None:
        """The number in `CURRENT`, or None before the first release.

        Raises:
            IntegrityError: `CURRENT` holds no number.
        """
        path = self.folder / "CURRENT"
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8").strip()
        if not text.isdecimal():
            raise IntegrityError("CURRENT holds no number", "run: tongchuan release rollback N")
        return int(text)

    def current(self) -> Release | None:
        """The served release."""
        number = self.current_number()
        return None if number is None else self.release(number)

    def set_current(self, number: int) -> None:
        """Serve that release, by rename."""
        write_text(self.folder / "CURRENT", f"{number}\n")

    def object_path(self, sha256: str) -> Path:
        """Where an object of that hash lies."""
        return self.objects / f"{sha256}.parquet"

    def put_object(self, source: Path) -> tuple[str, int]:
        """Copy a file in; returns SHA-256 and size. The same bytes again change nothing."""
        digest, size = hashlib.sha256(), 0
        incoming = self.objects / f".incoming.{source.name}"
        with atomic_path(incoming) as temporary:
            with source.open("rb") as reading, temporary.open("wb") as writing:
                while block := reading.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    writing.write(block)
            temporary.chmod(0o400)
        target = self.object_path(digest.hexdigest())
        if target.exists() and target.stat().st_size == size:
            incoming.unlink()  # keep the file that other releases are linked to
        else:
            incoming.replace(target)
        fsync_path(self.objects)
        return digest.hexdigest(), size

    def put_public_key(self, keys: KeyRing) -> None:
        """Lay the public key beside the releases."""
        pem, path = keys.public_pem(), self.folder / PUBLIC_KEY
        if not path.exists() or path.read_bytes() != pem:
            write_bytes(path, pem)

    def remove_leftovers(self) -> None:
        """Remove what a killed process left half made; complete releases are never touched."""
        for folder in (self.releases, self.objects):
            for path in folder.iterdir():
                if path.name.startswith("."):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
