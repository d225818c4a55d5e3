"""Packages: what a grant gives a consumer, cut out of the served release, signed and recorded.

Deny by default. A package is made once and never changed; its rows stand in an order of what the
consumer itself sees, so that two consumers cannot join what they hold by position.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from catalog import Catalog
from catalog.grants import Grant
from foundation import clock
from foundation.errors import ConfigurationError
from foundation.failpoint import failpoint
from foundation.files import atomic_folder, make_private, sha256_file
from foundation.keys import KeyRing
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ledger import AccessRecord, Ledger
from sharing.candidates import write_parquet
from sharing.cutting import Cut, cut
from sharing.datapackage import field_descriptor, package
from sharing.duck import columns_of, ident, literal, session
from sharing.fingerprint import Fingerprint, fingerprint
from sharing.notice import NOTICE, notice
from sharing.records import Setting
from sharing.signing import sealed_bytes
from sharing.store import CERTIFICATE, DATAPACKAGE, Release, Store

PACKAGE_KIND = "tongchuan.package"
PARQUET, CSV = "data.parquet", "data.csv"
Status = Literal["built", "exists", "not_in_force", "not_released", "ages_unknown"]


@dataclass(frozen=True)
class PackageOutcome:
    """What became of one grant. `rows` is None when nothing was made."""

    consumer: str
    product: str
    release: int
    status: Status
    folder: Path | None = None
    rows: int | None = None


def _fields(made: Cut, types: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, column, note in made.columns:
        field = {**field_descriptor(column, types[name], note), "name": name}
        found.append(field)
    return found


def _descriptor(
    made: Cut, release: Release, folder: Path, types: dict[str, str], counted: Fingerprint
) -> dict[str, Any]:
    fields = _fields(made, types)
    common = {
        "title": made.contract.title_cn,
        "rows": counted.rows,
        "fingerprint": counted.text,
        "schema": {"fields": fields},
    }
    resources = [
        {
            "name": "data",
            "path": PARQUET,
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "fileBytes": (folder / PARQUET).stat().st_size,
            "hash": f"sha256:{sha256_file(folder / PARQUET)}",
            **common,
        },
        {
            "name": "data_csv",
            "path": CSV,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",  # without byte order mark
            # NULL is an empty field without quotes, an empty text one with quotes.
            "dialect": {"delimiter": ",", "quoteChar": '"', "lineTerminator": "\n", "header": True},
            "bytes": (folder / CSV).stat().st_size,
            "hash": f"sha256:{sha256_file(folder / CSV)}",
            **common,
        },
    ]
    name = f"{made.grant.consumer}-{made.grant.product}-{release.number}"
    created = release.released_at.isoformat(timespec="seconds") + "+08:00"
    return package(name, made.contract.title_cn, created, resources)


def _certificate(
    grant: Grant, release: Release, folder: Path, counted: Fingerprint, made_at: datetime
) -> dict[str, Any]:
    names = (PARQUET, CSV, DATAPACKAGE, NOTICE)
    return {
        "kind": PACKAGE_KIND,
        "format": 1,
        "consumer": grant.consumer,
        "product": grant.product,
        "made_at": made_at.isoformat(),
        "grant": grant.model_dump(mode="json", by_alias=True),
        "approval_no": grant.approval_no,
        "purpose": grant.purpose,
        "release": {
            "number": release.number,
            "business_date": release.business_date.isoformat(),
            "certificate_sha256": release.certificate_sha256,
        },
        "rows": counted.rows,
        "fingerprint": counted.text,
        "files": {name: sha256_file(folder / name) for name in names},
    }


def _texts(types: dict[str, str]) -> str:
    """The columns as a CSV holds them: geometry as base64 of its WKB."""
    return ", ".join(
        f"to_base64({ident(name)}) AS {ident(name)}" if kind == "BLOB" else ident(name)
        for name, kind in types.items()
    )


def _write(
    connection: duckdb.DuckDBPyConnection, made: Cut, release: Release, keys: KeyRing, folder: Path
) -> int:
    write_parquet(connection, made.sql, "ALL", folder / PARQUET)
    table = f"read_parquet({literal(folder / PARQUET)})"
    types = dict(columns_of(connection, table))
    # From the cut itself: what the consumer gets twice is the same twice.
    connection.execute(
        f"COPY (SELECT {_texts(types)} FROM {table}) TO {literal(folder / CSV)} "
        "(FORMAT csv, HEADER, FORCE_QUOTE *, NULLSTR '')"
    )
    counted = fingerprint(connection, table)
    descriptor = _descriptor(made, release, folder, types, counted)
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / DATAPACKAGE).write_text(text, encoding="utf-8")
    made_at = clock.now()
    told = notice(made, release, counted.rows, made_at)
    (folder / NOTICE).write_text(told, encoding="utf-8")
    document = _certificate(made.grant, release, folder, counted, made_at)
    (folder / CERTIFICATE).write_bytes(sealed_bytes(document, keys))
    return counted.rows


def _record(ledger: Ledger, grant: Grant, release: Release, rows: int, by: str) -> None:
    """Enter the delivery into the ledger, once; a crash after the rename is made good here."""
    request = f"package {grant.consumer} {grant.product} {release.number} {grant.approval_no}"
    if any(access.request == request for access in ledger.accesses()):
        return
    ledger.record_access(
        AccessRecord(
            at=clock.now(),
            by=by,
            purpose=grant.purpose,
            release=release.number,
            tables=(grant.product,),
            rows=rows,
            request=request,
        )
    )


def _build_one(setting: Setting, grant: Grant, release: Release, by: str) -> PackageOutcome:
    ledger = setting.ledger
    folder = setting.root.packages / grant.consumer / grant.product / str(release.number)
    outcome = (grant.consumer, grant.product, release.number)
    if folder.exists():
        rows = int(json.loads((folder / CERTIFICATE).read_bytes())["rows"])
        _record(ledger, grant, release, rows, by)
        return PackageOutcome(*outcome, "exists", folder, rows)
    if not grant.is_in_force(release.business_date):
        return PackageOutcome(*outcome, "not_in_force")
    if grant.product not in release.products:
        return PackageOutcome(*outcome, "not_released")
    with session(setting.root) as connection:
        contract = setting.catalog.products[grant.product]
        made = cut(connection, setting.keys, grant, contract, release)
        if made is None:
            return PackageOutcome(*outcome, "ages_unknown")
        make_private(folder.parent)
        with atomic_folder(folder) as temporary:
            temporary.chmod(0o700)
            rows = _write(connection, made, release, setting.keys, temporary)
            failpoint("package.before_commit")
    failpoint("package.committed")
    _record(ledger, grant, release, rows, by)
    return PackageOutcome(*outcome, "built", folder, rows)


def build_packages(
    root: DataRoot, ledger: Ledger, catalog: Catalog, keys: KeyRing, *, by: str
) -> list[PackageOutcome]:
    """Give every consumer what its grants allow, from the served release; again is a no-op.

    Returns:
        One outcome per grant, by consumer and product.

    Raises:
        ConfigurationError: nothing has been released yet.
        BusyError: a night is running.
    """
    with exclusive(root.lock, "package build"):
        release = Store.of(root).current()
        if release is None:
            raise ConfigurationError("还没有发布 / nothing has been released yet")
        make_private(root.packages).chmod(0o700)
        grants = sorted(catalog.grants, key=lambda g: (g.consumer, g.product))
        setting = Setting(root, ledger, catalog, keys)
        return [_build_one(setting, grant, release, by) for grant in grants]
