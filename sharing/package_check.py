"""The check on the consumer's side: needs the package's folder and the public key only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from foundation.errors import ConfigurationError, IntegrityError
from foundation.files import sha256_file
from sharing.duck import literal, parquet, session
from sharing.fingerprint import fingerprint
from sharing.package_papers import CSV, PACKAGE_KIND, PARQUET
from sharing.signing import unseal
from sharing.store import CERTIFICATE


def _contents(folder: Path, certificate: dict[str, Any]) -> list[str]:
    """Rows and fingerprint of both data files."""
    problems = []
    with session() as connection:
        try:
            found = fingerprint(connection, parquet(folder / PARQUET))
            options = "header = true, all_varchar = true, delim = ',', quote = '\"'"
            csv = f"read_csv({literal(folder / CSV)}, {options})"
            row = connection.execute(f"SELECT count(*) FROM {csv}").fetchone()
        except (duckdb.Error, IntegrityError):  # no text: it could quote a value
            return ["数据文件无法读取 / a data file cannot be read"]
    if (found.rows, found.text) != (certificate["rows"], certificate["fingerprint"]):
        problems.append(f"{PARQUET}: 行数或指纹不符 / rows or fingerprint differ")
    if row is None or row[0] != certificate["rows"]:
        problems.append(f"{CSV}: 行数不符 / the number of rows differs")
    return problems


def verify_package(folder: Path, public_key: Path) -> list[str]:
    """Check a package: signature, every file's hash, rows and fingerprint, nothing besides.

    Returns:
        What is wrong, in Chinese and English; empty when nothing is.

    Raises:
        ConfigurationError: the folder holds no certificate, or the key is missing.
    """
    if not public_key.is_file():
        raise ConfigurationError(f"没有公钥 / no public key at {public_key}")
    path = folder / CERTIFICATE
    if not path.is_file():
        raise ConfigurationError(f"{folder} 不是数据包 / is no package: {CERTIFICATE} is missing")
    try:
        certificate = unseal(path.read_bytes(), public_key.read_bytes())
    except IntegrityError as error:
        return [str(error)]
    if certificate.get("kind") != PACKAGE_KIND:
        return ["证书不属于数据包 / the certificate is not of a package"]
    problems = []
    for name, digest in sorted(certificate["files"].items()):
        if not (folder / name).is_file():
            problems.append(f"{name}: 文件缺失 / is missing")
        elif sha256_file(folder / name) != digest:
            problems.append(f"{name}: 与证书不符 / differs from the certificate")
    known = {*certificate["files"], CERTIFICATE}
    extras = sorted(p.name for p in folder.iterdir() if p.name not in known)
    problems.extend(f"多出的文件 / unexpected file {extra}" for extra in extras)
    return problems or _contents(folder, certificate)
