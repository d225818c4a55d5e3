"""Packages: what a grant gives a consumer, cut out of the served release, signed and recorded.

Deny by default. A package is made once and never changed; its rows stand in an order of what the
consumer itself sees, so that two consumers cannot join what they hold by position. What decides a
package is the release and the grant: under a grant that changed another one is cut beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from catalog import Catalog
from catalog.grants import Grant
from foundation import clock
from foundation.errors import ConfigurationError
from foundation.failpoint import failpoint
from foundation.files import atomic_folder, make_private
from foundation.keys import KeyRing
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ledger import AccessRecord, Ledger
from sharing.candidates import write_parquet
from sharing.cutting import cut
from sharing.duck import columns_of, ident, literal, session
from sharing.fingerprint import fingerprint
from sharing.notice import NOTICE, notice
from sharing.package_papers import (
    CSV,
    PARQUET,
    Parcel,
    Place,
    certificate,
    certificate_of,
    descriptor,
    grant_document,
)
from sharing.records import Setting
from sharing.signing import sealed_bytes
from sharing.store import CERTIFICATE, DATAPACKAGE, Release, Store

Status = Literal["built", "renewed", "exists", "not_in_force", "not_released", "ages_unknown"]


@dataclass(frozen=True)
class PackageOutcome:
    """What became of one grant.

    Attributes:
        status: `renewed`: cut anew, because the grant changed since the last package was made.
        rows: None when nothing was made.
        replaces: the folder's name of the package that this one takes the place of, if any.
    """

    consumer: str
    product: str
    release: int
    status: Status
    folder: Path | None = None
    rows: int | None = None
    replaces: str | None = None


def _texts(types: dict[str, str]) -> str:
    """The columns as a CSV holds them: geometry as base64 of its WKB."""
    return ", ".join(
        f"to_base64({ident(name)}) AS {ident(name)}" if kind == "BLOB" else ident(name)
        for name, kind in types.items()
    )


def _write(
    connection: duckdb.DuckDBPyConnection, parcel: Parcel, keys: KeyRing, folder: Path
) -> int:
    write_parquet(connection, parcel.made.sql, "ALL", folder / PARQUET)
    table = f"read_parquet({literal(folder / PARQUET)})"
    types = dict(columns_of(connection, table))
    # From the cut itself: what the consumer gets twice is the same twice.
    connection.execute(
        f"COPY (SELECT {_texts(types)} FROM {table}) TO {literal(folder / CSV)} "
        "(FORMAT csv, HEADER, FORCE_QUOTE *, NULLSTR '')"
    )
    counted = fingerprint(connection, table)
    told = descriptor(parcel, folder, types, counted)
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / DATAPACKAGE).write_text(text, encoding="utf-8")
    made_at = clock.now()
    text = notice(parcel.made, parcel.release, counted.rows, made_at, parcel.place.newest)
    (folder / NOTICE).write_text(text, encoding="utf-8")
    document = certificate(parcel, folder, counted, made_at)
    (folder / CERTIFICATE).write_bytes(sealed_bytes(document, keys))
    return counted.rows


def _record(ledger: Ledger, folder: Path, by: str) -> None:
    """Enter a package into the ledger, from its own certificate."""
    told = certificate_of(folder)
    name = f"package {told['consumer']} {told['product']} {folder.name}"
    ledger.record_access(
        AccessRecord(
            at=clock.now(),
            by=by,
            purpose=told["purpose"],
            release=told["release"]["number"],
            tables=(told["product"],),
            rows=told["rows"],
            request=f"{name} {told['approval_no']}",
        )
    )


def _record_missing(root: DataRoot, ledger: Ledger, by: str) -> None:
    """Enter packages that a process killed after the rename left out of the ledger."""
    known = {" ".join(a.request.split(" ")[:4]) for a in ledger.accesses()}
    for path in sorted(root.packages.glob(f"*/*/[0-9]*/{CERTIFICATE}")):
        consumer, product, name = path.parts[-4:-1]
        if f"package {consumer} {product} {name}" not in known:
            _record(ledger, path.parent, by)


def _build_one(setting: Setting, grant: Grant, release: Release, by: str) -> PackageOutcome:
    place = Place.of(setting.root.packages / grant.consumer / grant.product, release.number)
    outcome = (grant.consumer, grant.product, release.number)
    if place.newest and (told := certificate_of(place.newest))["grant"] == grant_document(grant):
        return PackageOutcome(*outcome, "exists", place.newest, int(told["rows"]))
    if not grant.is_in_force(release.business_date):
        return PackageOutcome(*outcome, "not_in_force")
    if grant.product not in release.products:
        return PackageOutcome(*outcome, "not_released")
    with session(setting.root) as connection:
        contract = setting.catalog.products[grant.product]
        made = cut(connection, setting.keys, grant, contract, release)
        if made is None:
            return PackageOutcome(*outcome, "ages_unknown")
        parcel = Parcel(made, release, place)
        make_private(place.folder.parent)
        with atomic_folder(place.folder) as temporary:
            temporary.chmod(0o700)
            rows = _write(connection, parcel, setting.keys, temporary)
            failpoint("package.before_commit")
    failpoint("package.committed")
    _record(setting.ledger, place.folder, by)
    if place.newest:
        return PackageOutcome(*outcome, "renewed", place.folder, rows, place.newest.name)
    return PackageOutcome(*outcome, "built", place.folder, rows)


def build_packages(
    root: DataRoot, ledger: Ledger, catalog: Catalog, keys: KeyRing, *, by: str
) -> list[PackageOutcome]:
    """Give every consumer what its grants allow, from the served release; again is a no-op.

    Under a grant that changed since, the package is cut anew beside the old one, which stays.

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
        _record_missing(root, ledger, by)
        return [_build_one(setting, grant, release, by) for grant in grants]
