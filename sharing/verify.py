"""Checking the release store with nothing but its folder and the public key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import ConfigurationError, IntegrityError
from foundation.files import sha256_file
from foundation.keys import key_id
from sharing.certificate import RELEASE_KIND
from sharing.duck import columns_of, parquet, session
from sharing.fingerprint import fingerprint
from sharing.records import Columns
from sharing.signing import sha256_path, unseal
from sharing.store import CERTIFICATE, DATAPACKAGE, PUBLIC_KEY, Release, Served, Store


@dataclass
class _Check:
    store: Store
    public_pem: bytes
    connection: duckdb.DuckDBPyConnection
    problems: list[str] = field(default_factory=list)
    # One object is computed once, however many releases hold it: hash → rows, fingerprint, columns.
    computed: dict[str, tuple[int, str, Columns]] = field(default_factory=dict)

    def report(self, number: int, text: str) -> None:
        """Add a problem of one release."""
        self.problems.append(f"发布 {number} / release {number}: {text}")

    def certificate(self, release: Release) -> dict[str, Any] | None:
        """The certificate, if it is signed by this key and of this release."""
        try:
            found = unseal((release.folder / CERTIFICATE).read_bytes(), self.public_pem)
        except OSError:
            self.report(release.number, f"{CERTIFICATE} 缺失 / is missing")
            return None
        except IntegrityError as error:
            self.report(release.number, str(error))
            return None
        if found.get("kind") != RELEASE_KIND or found.get("number") != release.number:
            self.report(
                release.number, "证书属于另一次发布 / the certificate is of another release"
            )
            return None
        if found.get("key_id") != key_id(self.public_pem):
            self.report(
                release.number, "证书写明的是另一把密钥 / the certificate names another key"
            )
        return found

    def release(self, release: Release) -> None:
        """Check one release."""
        certificate = self.certificate(release)
        if certificate is None:
            return
        self.chain(release, certificate)
        path = release.folder / DATAPACKAGE
        if not path.exists() or sha256_path(path) != certificate["datapackage_sha256"]:
            self.report(release.number, f"{DATAPACKAGE} 与证书不符 / differs from the certificate")
            return
        known = {DATAPACKAGE, CERTIFICATE}
        told: Mapping[str, Any] = certificate["products"]
        if told.keys() != release.products.keys():
            self.report(release.number, "证书与清单的产品不同 / certificate and manifest disagree")
        for product, served in release.products.items():
            known.add(served.path.name)
            stated = told.get(product, {})
            facts = (served.sha256, served.size, served.rows, served.fingerprint)
            if facts != tuple(stated.get(k) for k in ("sha256", "bytes", "rows", "fingerprint")):
                self.report(release.number, f"{product}: 证书与清单不符 / manifest disagrees")
            for text in self.table(served):
                self.report(release.number, f"{product}: {text}")
        for extra in sorted(p.name for p in release.folder.iterdir() if p.name not in known):
            self.report(release.number, f"多出的文件 / unexpected file {extra}")

    def table(self, served: Served) -> list[str]:
        """Check one file against its hash, row count, columns and fingerprint."""
        path, digest = served.path, served.sha256
        if not path.is_file():
            return ["文件缺失 / the file is missing"]
        if sha256_file(path) != digest:
            return ["文件散列不符 / the file differs from its hash"]
        if digest not in self.computed:
            try:
                found = fingerprint(self.connection, parquet(path))
                columns = tuple(columns_of(self.connection, parquet(path)))
            except (duckdb.Error, IntegrityError):  # no text: it could quote a value
                return ["无法读取 / cannot be read as Parquet"]
            self.computed[digest] = (found.rows, found.text, columns)
        rows, text, columns = self.computed[digest]
        problems = []
        if rows != served.rows:
            problems.append(f"行数 {rows}，应为 {served.rows} / {rows} rows, not {served.rows}")
        if columns != served.columns:
            problems.append("列与清单不符 / the columns differ from the manifest")
        if text != served.fingerprint:
            problems.append("指纹不符 / the fingerprint differs")
        return problems

    def chain(self, release: Release, certificate: Mapping[str, Any]) -> None:
        """Check that the certificate of the release before is the one that was built upon."""
        previous = certificate["previous"]
        if previous is None:
            if any(number < release.number for number in self.store.numbers()):
                self.report(release.number, "证书链中断 / the chain does not reach back")
            return
        path = self.store.releases / str(previous["number"]) / CERTIFICATE
        if not path.exists():
            text = f"缺少前一次发布 / the release before ({previous['number']}) is missing"
            self.report(release.number, text)
        elif sha256_path(path) != previous["certificate_sha256"]:
            text = f"与前一次发布的证书不符 / certificate {previous['number']} was changed"
            self.report(release.number, text)

    def analysts(self, number: int) -> None:
        """Check the analysts' file of a release against its signed note, where it is kept."""
        path = self.store.folder / "analysts" / f"{number}.duckdb"
        if not path.exists():
            return
        try:
            note = unseal(path.with_suffix(".json").read_bytes(), self.public_pem)
        except (OSError, IntegrityError):
            self.report(number, "分析库的签名不符 / the analysts' file has no valid note")
            return
        if note["release"] != number or note["sha256"] != sha256_file(path):
            self.report(number, "分析库与签名不符 / the analysts' file differs from its note")


NOTHING = "还没有发布，没有可核验的 / nothing has been released yet: there is nothing to verify"


def verify(published: Path, public_key: Path | None = None, number: int | None = None) -> list[str]:
    """Check signatures, hashes, row counts, fingerprints and the chain of certificates.

    Args:
        published: the store, or a copy of it.
        public_key: the public key (PEM) as it was handed out; without it the one that lies in the
            store is believed, which proves only that the store agrees with itself.
        number: one release; without it all of them, and `CURRENT`.

    Returns:
        What is wrong, in Chinese and English; empty when nothing is. A store without any release
        gives `NOTHING`: that nothing is wrong was not found out.

    Raises:
        ConfigurationError: there is no such store, key or release.
    """
    store, key = Store(published), public_key or published / PUBLIC_KEY
    if not published.is_dir():
        raise ConfigurationError(f"没有发布库 / no release store at {published}")
    if number is None and not store.numbers() and not (published / "CURRENT").exists():
        return [NOTHING]
    if not key.is_file():
        raise ConfigurationError(f"没有公钥 / no public key at {key}")
    numbers = store.numbers() if number is None else [store.release(number).number]
    with session() as connection:
        check = _Check(store, key.read_bytes(), connection)
        for each in numbers:
            check.release(store.release(each))
            check.analysts(each)
    if number is None:
        try:
            current = store.current_number()
        except IntegrityError:
            current = -1
        if current not in numbers:
            check.problems.append("CURRENT 未指向任何发布 / CURRENT names no release")
    return check.problems
