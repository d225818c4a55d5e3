"""What lies in a package beside the data, and where it lies: folder, descriptor, certificate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.grants import Grant
from foundation.files import canonical_json, sha256_file
from sharing.cutting import Cut
from sharing.datapackage import field_descriptor, package
from sharing.fingerprint import Fingerprint
from sharing.notice import NOTICE
from sharing.signing import sha256
from sharing.store import CERTIFICATE, DATAPACKAGE, Release

PACKAGE_KIND = "tongchuan.package"
PARQUET, CSV = "data.parquet", "data.csv"


@dataclass(frozen=True)
class Place:
    """Where the next package of a consumer, product and release goes.

    Attributes:
        folder: `<release>` for the first package, then `<release>-2`, `<release>-3`, …
        newest: the last one that lies there, or None.
    """

    folder: Path
    newest: Path | None

    @classmethod
    def of(cls, product_folder: Path, release: int) -> Place:
        """Look at what lies in the folder of a consumer and product."""
        newest, folder, version = None, product_folder / str(release), 1
        while folder.exists():
            version += 1
            newest, folder = folder, product_folder / f"{release}-{version}"
        return cls(folder, newest)


@dataclass(frozen=True)
class Parcel:
    """What a package is made of: the cut, the release it is cut from, and its place."""

    made: Cut
    release: Release
    place: Place


def certificate_of(folder: Path) -> dict[str, Any]:
    """The certificate of a package, signature included (not verified)."""
    found: dict[str, Any] = json.loads((folder / CERTIFICATE).read_bytes())
    return found


def grant_document(grant: Grant) -> dict[str, Any]:
    """A grant as certificates hold it."""
    return grant.model_dump(mode="json", by_alias=True)


def _fields(made: Cut, types: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, column, note in made.columns:
        field = {**field_descriptor(column, types[name], note), "name": name}
        found.append(field)
    return found


def descriptor(
    parcel: Parcel, folder: Path, types: dict[str, str], counted: Fingerprint
) -> dict[str, Any]:
    """The Data Package descriptor of what lies in `folder`; `types`: SQL types by column."""
    made, fields = parcel.made, _fields(parcel.made, types)
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
    name = f"{made.grant.consumer}-{made.grant.product}-{parcel.place.folder.name}"
    created = parcel.release.released_at.isoformat(timespec="seconds") + "+08:00"
    return package(name, made.contract.title_cn, created, resources)


def certificate(
    parcel: Parcel, folder: Path, counted: Fingerprint, made_at: datetime
) -> dict[str, Any]:
    """The certificate of the files in `folder`, to be signed."""
    grant, release, newest = parcel.made.grant, parcel.release, parcel.place.newest
    names = (PARQUET, CSV, DATAPACKAGE, NOTICE)
    return {
        "kind": PACKAGE_KIND,
        "format": 1,
        "consumer": grant.consumer,
        "product": grant.product,
        "made_at": made_at.isoformat(),
        "package": parcel.place.folder.name,
        "replaces": newest
        and {"package": newest.name, "certificate_sha256": sha256_file(newest / CERTIFICATE)},
        "grant": grant_document(grant),
        "grant_sha256": sha256(canonical_json(grant_document(grant)).encode()),
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
