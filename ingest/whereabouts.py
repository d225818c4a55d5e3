"""Where records lie: which line of which delivery, so that a department finds them in its file."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from catalog import ExtractContract
from foundation.paths import DataRoot
from ingest.stored import accepted_path
from ingest.table import shown_lines
from ledger import DeliveryRecord

_SCHEMA = pl.Schema(
    [
        ("record_key", pl.String()),
        ("delivery_id", pl.String()),
        ("list_id", pl.String()),
        ("line", pl.Int64()),
        ("business_date", pl.Date()),
        ("delivery_order", pl.String()),
        ("updated_at", pl.Datetime("us")),
    ]
)


def rows_of_keys(
    root: DataRoot,
    contract: ExtractContract,
    deliveries: Iterable[DeliveryRecord],
    keys: pl.Series,
) -> pl.DataFrame:
    """Every accepted row of these deliveries that bears one of the keys.

    Args:
        contract: of the deliveries' extract; its first key column is a record's key.
        keys: record keys as text.

    Returns:
        `record_key`, `delivery_id` (which brought the row), `list_id` and `line` (where the
        department finds it: of a corrected return, its original), `business_date`,
        `delivery_order` and, where the extract has it, `updated_at`.
    """
    wanted = keys.drop_nulls().unique().rename("record_key").to_frame().lazy()
    frames = [pl.LazyFrame(schema=_SCHEMA)]
    for delivery in deliveries:
        path = accepted_path(root, delivery.extract, delivery.receipt_id)
        if not delivery.accepted or not path.exists():
            continue
        has_time = "updated_at" in contract.by_name
        updated = pl.col("updated_at") if has_time else pl.lit(None)
        rows = pl.scan_parquet(path).select(
            pl.col(contract.key[0].name).cast(pl.String).alias("record_key"),
            "delivery_id",
            "list_id",
            pl.col("line").cast(pl.Int64),
            pl.lit(delivery.business_date).cast(pl.Date).alias("business_date"),
            pl.lit(delivery.delivery_order).alias("delivery_order"),
            updated.cast(pl.Datetime("us")).alias("updated_at"),
        )
        frames.append(rows.join(wanted, on="record_key", how="semi"))
    return pl.concat(frames).collect()


def newest_lines(
    root: DataRoot,
    contract: ExtractContract,
    deliveries: Iterable[DeliveryRecord],
    keys: pl.Series,
) -> pl.DataFrame:
    """The newest row of each key: `record_key`, `receipt_id`, `file_name`, `line` as it is shown.

    A key that no accepted row bears has no row here.
    """
    known = {d.receipt_id: d for d in deliveries}
    rows = rows_of_keys(root, contract, known.values(), keys)
    order = ["business_date", "updated_at", "line", "delivery_order"]
    if contract.mode != "incremental":
        order = ["business_date", "delivery_order", "line", "delivery_id"]
    newest = rows.sort(order, nulls_last=False).unique("record_key", keep="last")
    origin = pl.DataFrame(
        {
            "list_id": list(known),
            "file_name": [d.file_name for d in known.values()],
            "is_workbook": [d.encoding in ("xlsx", "xls") for d in known.values()],
        },
        schema={"list_id": pl.String, "file_name": pl.String, "is_workbook": pl.Boolean},
    )
    found = newest.join(origin, on="list_id", how="left")
    sheets = found.filter(pl.col("is_workbook").fill_null(False))
    others = found.filter(~pl.col("is_workbook").fill_null(False))
    shown = [
        part.with_columns(shown_lines(part["line"], is_workbook=is_workbook).alias("line"))
        for part, is_workbook in ((sheets, True), (others, False))
    ]
    return (
        pl.concat(shown)
        .select("record_key", pl.col("list_id").alias("receipt_id"), "file_name", "line")
        .sort("record_key")
    )
