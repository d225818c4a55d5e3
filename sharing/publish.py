"""Making one release: its tables, descriptor, certificate and folder, and its ledger record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError as UnknownRun

from catalog import Catalog
from foundation.failpoint import failpoint
from foundation.files import atomic_folder
from ledger import Ledger, ReleaseRecord
from sharing.analysts import build_object
from sharing.certificate import Occasion, release_certificate
from sharing.datapackage import Content, package, table_resource
from sharing.records import Candidates, Composition, Setting
from sharing.signing import sealed_bytes, sha256
from sharing.store import CERTIFICATE, DATAPACKAGE, Release, Store, link


def resources_of(
    store: Store,
    base: Release | None,
    candidates: Candidates,
    composition: Composition,
    catalog: Catalog,
) -> list[dict[str, Any]]:
    """The tables of the new release; their files are objects afterwards."""
    found = []
    for product, path in composition.served.items():
        old = base.products.get(product) if base else None
        if old is not None and path == old.path:
            found.append(dict(old.descriptor))  # held: as it was, under the contract of then
            continue
        candidate = candidates.made[product]
        if old is not None and candidate.is_unchanged:
            digest, size = old.sha256, old.size
        else:
            digest, size = store.put_object(path)
        content = Content(digest, size, candidate.rows, candidate.fingerprint)
        contract = catalog.products[product]
        found.append(table_resource(contract, content, composition.served.keys()))
        failpoint("release.object")
    return found


def _contents(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What decides whether two releases are the same: fingerprints and columns of every table."""
    return {
        r["name"]: (r["fingerprint"], [(f["name"], f["sqlType"]) for f in r["schema"]["fields"]])
        for r in resources
    }


def is_served(base: Release | None, resources: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the served release holds exactly this already."""
    return base is not None and _contents(base.datapackage["resources"]) == _contents(resources)


def _summary(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sha256": resource["hash"].removeprefix("sha256:"),
        "bytes": resource["fileBytes"],
        "rows": resource["rows"],
        "fingerprint": resource["fingerprint"],
        "contract_version": resource["contractVersion"],
    }


def make_release(
    setting: Setting,
    occasion: Occasion,
    candidates: Candidates,
    composition: Composition,
    resources: Sequence[Mapping[str, Any]],
) -> Release:
    """Build the release in a temporary folder and rename it: the commit point.

    Returns:
        The release as it now lies in the store; it is not served yet.
    """
    number, store, keys = occasion.number, Store.of(setting.root), setting.keys
    store.put_public_key(keys)
    descriptor = package(
        f"tongchuan-release-{number}",
        f"铜川市数据发布 {number}",
        occasion.released_at.isoformat(timespec="seconds") + "+08:00",
        resources,
        version=str(number),
    )
    content = (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()
    document = release_certificate(setting, occasion, candidates, composition)
    document |= {
        "products": {resource["name"]: _summary(resource) for resource in resources},
        "datapackage_sha256": sha256(content),
    }
    target = store.releases / str(number)
    with atomic_folder(target) as folder:
        folder.chmod(0o700)
        for resource in resources:
            digest = resource["hash"].removeprefix("sha256:")
            link(store.object_path(digest), folder / resource["path"])
        (folder / DATAPACKAGE).write_bytes(content)
        (folder / CERTIFICATE).write_bytes(sealed_bytes(document, keys))
        failpoint("release.folder_written")
        # Before the commit: a release whose analysts' file cannot be made is not made.
        build_object(setting.root, setting.catalog, keys, Release(number, folder))
        failpoint("release.before_commit")
    failpoint("release.committed")
    return store.release(number)


def record_release(ledger: Ledger, release: Release) -> None:
    """Enter a release into the ledger, from its own certificate."""
    certificate = release.certificate
    record = ReleaseRecord(
        number=release.number,
        business_date=release.business_date,
        released_at=release.released_at,
        run_id=certificate["run_id"],
        certificate_sha256=release.certificate_sha256,
        products=certificate["products"],
    )
    try:
        ledger.record_release(record)
    except UnknownRun:  # the ledger is younger than the release: it was lost and begun anew
        run_id = ledger.start_run("recover", record.business_date)
        ledger.end_run(run_id, "done", "", {})
        ledger.record_release(replace(record, run_id=run_id))
