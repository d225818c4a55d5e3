"""Corrections of single records: an append delivery that tells a known key with other content.

Which of the two counts is decided where the library is built (`stage_append`); here the department
is told. Only the keys of what was delivered before are read in full, and of the deliveries that
hold one of the new keys the rows of those keys.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from catalog import ExtractContract
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from ingest.evaluate import polars_type
from ledger import DeliveryRecord

RULE = "R-ROW-07"


def corrected_rows(
    accepted: pl.DataFrame,
    record: DeliveryRecord,
    contract: ExtractContract,
    active: list[DeliveryRecord],
    root: DataRoot,
) -> int:
    """How many accepted rows differ from the record of their key that stood before them.

    Compared with the active deliveries of the same provider that are known, less one that this
    delivery replaces whole; rows that correct a 退回明细 replace none and are not looked at.

    Raises:
        ConfigurationError: the accepted rows of one of them are missing.
    """
    if contract.mode != "append" or record.return_of is not None or not accepted.height:
        return 0
    before = _before(record, active)
    keys = [c.name for c in contract.key]
    paths = {d.receipt_id: root.raw / d.extract / f"{d.receipt_id}.parquet" for d in before}
    missing = [receipt for receipt, path in paths.items() if not path.exists()]
    if missing:
        raise ConfigurationError(
            f"the accepted rows of delivery {missing[0]} are missing from raw/",
            "run `tongchuan rebuild`: it makes raw/ again from the archive",
        )
    new_keys = accepted.select(keys)
    holding = _holding(paths, new_keys, contract)
    if not holding:
        return 0
    told = {d.receipt_id: d for d in before}
    lists = {d.receipt_id: d for d in active}
    content = [n for n in accepted.columns if n not in ("line", "as_given")]
    parts = []
    for receipt in holding:
        own = told[receipt]
        origin = lists[own.return_of or receipt]
        rows = _rows(paths[receipt], accepted.schema, [*content, "line"])
        parts.append(
            rows.join(
                new_keys, on=keys, how="semi", nulls_equal=True, maintain_order="left"
            ).with_columns(
                pl.lit(origin.business_date).alias("#date"),
                pl.lit(origin.delivery_order).alias("#order"),
                pl.lit(own.received_at).alias("#known"),
                pl.lit(receipt).alias("#receipt"),
            )
        )
    standing = (
        pl.concat(parts)
        .sort("#date", "#order", "line", "#known", "#receipt")
        .unique(subset=keys, keep="last", maintain_order=True)
    )
    values = [n for n in content if n not in keys]
    pairs = accepted.select(content).join(
        standing.select(content), on=keys, suffix="#was", nulls_equal=True
    )
    differs = [pl.col(n).ne_missing(pl.col(f"{n}#was")) for n in values]
    return int(pairs.select(pl.any_horizontal(differs).sum()).item()) if values else 0


def _before(record: DeliveryRecord, active: list[DeliveryRecord]) -> list[DeliveryRecord]:
    def name(d: DeliveryRecord) -> tuple[object, ...]:
        return d.file_name, d.business_date

    others = [
        d
        for d in active
        if (d.provider, d.extract) == (record.provider, record.extract)
        and d.receipt_id != record.receipt_id
        and d.accepted
    ]
    replaced = {
        d.receipt_id
        for d in others
        if record.has_explicit_date and d.has_explicit_date and name(d) == name(record)
    }
    return [d for d in others if (d.return_of or d.receipt_id) not in replaced]


def _holding(
    paths: dict[str, Path], new_keys: pl.DataFrame, contract: ExtractContract
) -> list[str]:
    """The deliveries that hold one of the keys, in a fixed order."""
    types = {c.name: polars_type(c) for c in contract.key}
    scans = [
        pl.scan_parquet(path, glob=False)
        .select([pl.col(n).cast(t) for n, t in types.items()])
        .join(new_keys.lazy(), on=list(types), how="semi", nulls_equal=True)
        .select(pl.lit(receipt).alias("receipt"))
        .head(1)
        for receipt, path in paths.items()
        if types.keys() <= pl.read_parquet_schema(path).keys()
    ]
    if not scans:
        return []
    return pl.concat(scans).collect()["receipt"].sort().to_list()


def _rows(path: Path, schema: pl.Schema, names: list[str]) -> pl.DataFrame:
    """Rows as this version of the contract types them; a column they lack is NULL."""
    frame = pl.read_parquet(path, glob=False)
    return frame.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(schema[n]).alias(n) for n in names
    )
