"""The life of objections (疑义), derived from the sequence of releases into the ledger.

The product `<domain>.objection` is the set of objections that are open. An objection opens with
the first release that holds it and is resolved by the first one that does not; when it comes back
it begins another span. A held product stays in the release as it was, so it changes no life.
Everything follows from `published/` and `raw/`: a lost ledger gets the same lives again, and after
a crash the next release step goes on where the ledger ends.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from catalog import Catalog, ExtractContract
from foundation.failpoint import failpoint
from foundation.paths import DataRoot
from ingest.whereabouts import rows_of_keys
from ledger import DeliveryRecord, Ledger, ObjectionCount, ObjectionLife, ObjectionLives
from sharing.store import Release, Store

COLUMNS = (
    "objection_id", "rule_id", "provider", "extract", "record_key", "attribute", "value_seen",
    "evidence", "counterpart_extract", "counterpart_record_key",
)  # fmt: skip


def objection_products(catalog: Catalog) -> list[str]:
    """The products that hold objections, by name."""
    return sorted(c.id for c in catalog.products.values() if c.name == "objection")


def open_objections(release: Release, product: str) -> pl.DataFrame:
    """The objections that a release holds (`COLUMNS`); none where it lacks the product."""
    served = release.products.get(product)
    if served is None:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.read_parquet(served.path, columns=list(COLUMNS))


def follow_objections(root: DataRoot, ledger: Ledger, catalog: Catalog) -> None:
    """Enter the lives of every release that the ledger does not have yet, oldest first.

    Idempotent; each release and product is one transaction. The caller holds the lock.

    Raises:
        IntegrityError: a release cannot be read.
    """
    store, lives = Store.of(root), ObjectionLives(ledger)
    numbers, known = store.numbers(), lives.followed()
    if known and max(number for number, _ in known) > (numbers or [0])[-1]:
        lives.forget()  # the ledger is of another published/: begin anew
        known = set()
    for product in objection_products(catalog):
        before: Release | None = None
        for number in numbers:
            release = store.release(number)
            if (number, product) not in known:
                _enter(root, ledger, catalog, lives, product, before, release)
                failpoint("objections.entered")
            before = release


def _enter(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    lives: ObjectionLives,
    product: str,
    before: Release | None,
    release: Release,
) -> None:
    """What one release changed in one product."""
    table = release.products.get(product)
    earlier = before.products.get(product) if before else None
    if table is not None and earlier is not None and table.fingerprint == earlier.fingerprint:
        lives.enter(ObjectionCount(release.number, product, 0, table.rows, 0), [], [])
        return
    standing = lives.lives(product=product, is_open=True)
    ids = pl.Series("objection_id", [life.objection_id for life in standing], dtype=pl.String)
    now = open_objections(release, product)
    new = now.filter(~pl.col("objection_id").is_in(ids.implode()))
    gone = set(ids.to_list()) - set(now["objection_id"].to_list())
    number, day = release.number, release.business_date
    opened = [
        ObjectionLife(objection, product, rule, provider, extract, attribute, number, day)
        for objection, rule, provider, extract, attribute in new.select(
            "objection_id", "rule_id", "provider", "extract", "attribute"
        )
        .sort("objection_id")
        .iter_rows()
    ]
    causes: dict[str, tuple[str, ...]] = {}
    if gone and before is not None:  # (of releases that somebody removed the cause is not known)
        was = open_objections(before, product).filter(pl.col("objection_id").is_in(list(gone)))
        causes = _causes(root, ledger, catalog, was, before, release)
    ended = [
        replace(
            life, last_release=before.number if before else None, resolved_release=number,
            resolved_date=day, resolved_by=causes.get(life.objection_id, ()),
        )
        for life in standing
        if life.objection_id in gone
    ]  # fmt: skip
    count = ObjectionCount(number, product, len(opened), now.height - len(opened), len(ended))
    lives.enter(count, opened, ended)


def _causes(
    root: DataRoot,
    ledger: Ledger,
    catalog: Catalog,
    was: pl.DataFrame,
    before: Release,
    release: Release,
) -> dict[str, tuple[str, ...]]:
    """Which new deliveries brought a record of each resolved objection, or its counterpart, anew.

    A full list resolves an objection also by leaving a record out, and a correction by leaving out
    one that the delivery it replaces had.
    """
    then = {i["delivery_id"] for i in before.certificate["inputs"]}
    now = {i["delivery_id"] for i in release.certificate["inputs"]}
    known = ledger.deliveries()
    deliveries = [d for d in known if d.receipt_id in now - then]
    replaced = [d for d in known if d.receipt_id in then - now]
    sides = pl.concat(
        [
            was.select("objection_id", "extract", "record_key"),
            was.select(
                "objection_id",
                pl.col("counterpart_extract").alias("extract"),
                pl.col("counterpart_record_key").alias("record_key"),
            ),
        ]
    )
    found = [pl.DataFrame(schema={"objection_id": pl.String, "delivery_id": pl.String})]
    for extract in sorted(set(sides["extract"].drop_nulls()) & catalog.extracts.keys()):
        own = [d for d in deliveries if d.extract == extract]
        mine = sides.filter(pl.col("extract") == extract)
        found.append(_touched(root, catalog.extracts[extract], own, mine))
        found.append(_left_out(root, catalog.extracts[extract], own, replaced, mine))
    return {
        str(objection): tuple(receipts)
        for objection, receipts in pl.concat(found)
        .group_by("objection_id")
        .agg(pl.col("delivery_id").unique().sort())
        .iter_rows()
    }


def _file(delivery: DeliveryRecord) -> tuple[object, ...]:
    """What a correction shares with the delivery that it replaces."""
    return delivery.provider, delivery.extract, delivery.file_name, delivery.business_date


def _touched(
    root: DataRoot, contract: ExtractContract, deliveries: list[DeliveryRecord], mine: pl.DataFrame
) -> pl.DataFrame:
    """`objection_id` and `delivery_id` of the new deliveries of one extract that bear on it.

    Args:
        mine: `objection_id` and `record_key` of the sides that stand in this extract.
    """
    rows = rows_of_keys(root, contract, deliveries, mine["record_key"])
    pairs = mine.join(rows, on="record_key").select("objection_id", "delivery_id")
    whole = [d.receipt_id for d in deliveries if d.return_of is None and contract.mode == "full"]
    absent = mine.join(pairs, on="objection_id", how="anti").select("objection_id")
    lists = pl.DataFrame({"delivery_id": whole}, schema={"delivery_id": pl.String})
    return pl.concat([pairs, absent.join(lists, how="cross")])


def _left_out(
    root: DataRoot,
    contract: ExtractContract,
    deliveries: list[DeliveryRecord],
    replaced: list[DeliveryRecord],
    mine: pl.DataFrame,
) -> pl.DataFrame:
    """The same of corrections, by the rows of the deliveries that they replace."""
    by_file = {_file(d): d.receipt_id for d in deliveries if d.return_of is None}
    olds = [d for d in replaced if d.extract == contract.id and _file(d) in by_file]
    correction = {d.receipt_id: by_file[_file(d)] for d in olds}
    rows = rows_of_keys(root, contract, olds, mine["record_key"])
    pairs = mine.join(rows, on="record_key").select("objection_id", "delivery_id")
    return pairs.with_columns(pl.col("delivery_id").replace(correction))
