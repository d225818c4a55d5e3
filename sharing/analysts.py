"""The analysts' file: de-identified tables of the served release, with comments in Chinese.

Made for each release as an object in `published/analysts/`, copied to `analysts/marts.duckdb` by
rename: whoever holds the old file open keeps it. When contracts become stricter the object is made
again, so an earlier release never shows more than today's contracts allow.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from catalog import Catalog, ProductColumn, ProductContract
from foundation.errors import IntegrityError
from foundation.failpoint import failpoint
from foundation.files import (
    atomic_path,
    canonical_json,
    make_private,
    sha256_file,
    write_bytes,
)
from foundation.keys import KeyRing
from foundation.paths import DataRoot
from sharing.dictionary import Shown, describe, write_meta
from sharing.duck import ident, literal, parquet, session
from sharing.masking import is_own_id, load_pseudonyms, masked, pseudonym
from sharing.minors import load_minors, minor_condition
from sharing.signing import sealed_bytes, sha256, unseal
from sharing.store import Release, Served, Store

KIND, READER = "tongchuan.analysts", "reader:analysts"
_RECIPE = 3  # raise it when the way of making the file changes
_RESIDENT_NUMBER = r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]"
_FULL_WIDTH = "'０１２３４５６７８９Ｘ', '0123456789X'"
_KEPT_OF_MINORS = {"pseudonym", "year", "county", "township"}
FILE = "marts.duckdb"


def _shown(contract: ProductContract, served: Served) -> list[ProductColumn]:
    """The columns analysts get: what the contract of today allows and the file of then has."""
    present = dict(served.columns)
    return [c for c in contract.columns if c.analysts != "omit" and c.name in present]


def _expression(column: ProductColumn) -> tuple[str, str]:
    if is_own_id(column):  # whatever its grade: nobody outside sees the ids used inside
        return column.name, pseudonym(column.name)
    name, value = masked(column.name, column.analysts)
    if column.analysts in _KEPT_OF_MINORS:
        return name, value
    shown = "NOT is_minor"
    if column.sql_type == "VARCHAR" and not any(c.kind == "uscc" for c in column.checks):
        # A net below the contracts: a resident number typed into the wrong field (a taxpayer
        # number is one with two digits behind it) stays out, whatever the column's grade.
        plain = f"regexp_replace(translate({value}, {_FULL_WIDTH}), '[\\s　-]+', '', 'g')"
        shown += f" AND NOT regexp_matches({plain}, {literal(_RESIDENT_NUMBER)})"
    return name, f"CASE WHEN {shown} THEN {value} END"


def _write_table(
    connection: duckdb.DuckDBPyConnection,
    contract: ProductContract,
    served: Served,
    release: Release,
    ages_known: bool,
) -> Shown:
    columns = _shown(contract, served)
    expressions = [_expression(column) for column in columns]
    minor = minor_condition(contract, served.columns, release.business_date, ages_known)
    chosen = ", ".join(f"{value} AS {ident(name)}" for name, value in expressions)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS marts.{ident(contract.domain)}")
    table = f"marts.{ident(contract.domain)}.{ident(contract.name)}"
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {chosen} "
        f"FROM (SELECT *, {minor} AS is_minor FROM {parquet(served.path)}) ORDER BY ALL"
    )
    shown = Shown(
        contract, tuple((name, c) for (name, _), c in zip(expressions, columns, strict=True))
    )
    describe(connection, shown)
    return shown


def _offered(catalog: Catalog, release: Release) -> list[tuple[ProductContract, Served]]:
    found = []
    for product, served in sorted(release.products.items()):
        contract = catalog.products.get(product)
        if contract is not None and contract.for_analysts and _shown(contract, served):
            found.append((contract, served))
    return found


def _write_file(
    root: DataRoot, catalog: Catalog, keys: KeyRing, release: Release, target: Path
) -> None:
    offered = _offered(catalog, release)
    with session(root) as connection:
        ages_known = load_minors(connection, release.products.values(), release.business_date)
        sources = [
            (parquet(s.path), [c.name for c in _shown(k, s) if is_own_id(c)]) for k, s in offered
        ]
        load_pseudonyms(connection, keys, READER, sources)
        connection.execute(f"ATTACH {literal(target)} AS marts")
        # one transaction: each of the hundreds of comments would be flushed to the disk alone
        connection.execute("BEGIN")
        shown = [_write_table(connection, k, s, release, ages_known) for k, s in offered]
        write_meta(connection, release, shown)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT marts")
        connection.execute("DETACH marts")


def recipe(catalog: Catalog) -> str:
    """SHA-256 over everything in the product contracts that decides what analysts see."""
    told: dict[str, Any] = {"recipe": _RECIPE, "duckdb": duckdb.__version__}
    for contract in catalog.products.values():
        columns = [asdict(c) for c in contract.columns]
        told[contract.id] = [contract.title_cn, contract.purpose, contract.for_analysts, columns]
    return sha256(canonical_json(json.loads(json.dumps(told, default=dict))).encode())


def _object(store: Store, number: int) -> Path:
    return store.folder / "analysts" / f"{number}.duckdb"


def build_object(root: DataRoot, catalog: Catalog, keys: KeyRing, release: Release) -> str:
    """Make the analysts' file of a release and its signed note; returns its SHA-256."""
    path = _object(Store.of(root), release.number)
    make_private(path.parent)
    with atomic_path(path) as temporary:
        _write_file(root, catalog, keys, release, temporary)
    digest = sha256_file(path)
    note = {
        "kind": KIND,
        "release": release.number,
        "certificate_sha256": release.certificate_sha256,
        "recipe": recipe(catalog),
        "sha256": digest,
        "bytes": path.stat().st_size,
    }
    failpoint("analysts.file_written")
    write_bytes(path.with_suffix(".json"), sealed_bytes(note, keys))
    return digest


def _known_object(catalog: Catalog, keys: KeyRing, release: Release, path: Path) -> str | None:
    """SHA-256 of the object, if it is of this release and of today's contracts."""
    note_path = path.with_suffix(".json")
    if not path.exists() or not note_path.exists():
        return None
    try:
        note = unseal(note_path.read_bytes(), keys.public_pem())
    except IntegrityError:
        return None
    expected = (release.certificate_sha256, recipe(catalog), path.stat().st_size)
    if (note["certificate_sha256"], note["recipe"], note["bytes"]) != expected:
        return None
    return str(note["sha256"])


def follow_current(root: DataRoot, catalog: Catalog, keys: KeyRing) -> bool:
    """Make `analysts/marts.duckdb` that of the served release; True if it was not.

    Safe at any time: what is missing, damaged or made under laxer contracts is made again.
    """
    store = Store.of(root)
    release = store.current()
    if release is None:
        return False
    path = _object(store, release.number)
    digest = _known_object(catalog, keys, release, path)
    target = root.analysts / FILE
    if digest is not None and target.exists() and sha256_file(target) == digest:
        return False
    if digest is None or sha256_file(path) != digest:
        build_object(root, catalog, keys, release)
    root.analysts.mkdir(parents=True, exist_ok=True)
    root.analysts.chmod(0o755)
    with atomic_path(target) as temporary:
        shutil.copyfile(path, temporary)
        temporary.chmod(0o444)
        failpoint("analysts.before_rename")
    return True
