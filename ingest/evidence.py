"""The accepted rows that a published row came from: every version of a record, as delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from catalog import ExtractContract
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot
from ingest.stored import accepted_path
from ingest.table import shown_lines
from ledger import DeliveryRecord


@dataclass(frozen=True)
class Version:
    """One accepted row of a record.

    Attributes:
        line: in the file of `list_id`: for a corrected return the file that it corrects.
    """

    delivery_id: str
    list_id: str
    line: int
    record_key: str
    updated_at: datetime | None
    operation: str | None


def place(line: int | None, file_name: str) -> str:
    """A line as the department finds it: `15`, or `工作表2!15` in a workbook's second sheet."""
    if line is None:
        return ""
    is_workbook = file_name.lower().endswith((".xlsx", ".xls"))
    return str(shown_lines(pl.Series([line]), is_workbook=is_workbook)[0])


def versions(
    root: DataRoot,
    contract: ExtractContract,
    deliveries: Sequence[DeliveryRecord],
    key: Mapping[str, Any],
) -> list[Version]:
    """Accepted rows of these deliveries whose columns have the key's values, the newest first.

    The order is that of the current state (business date, update, line, delivery), so the first is
    the one that counts, or a later one that took the record out (operation D).

    Raises:
        ConfigurationError: the accepted rows of a delivery are missing.
    """
    by_id = {delivery.receipt_id: delivery for delivery in deliveries}
    found = []
    for delivery in deliveries:
        if delivery.accepted:
            found += _of_delivery(root, contract, delivery, key)

    def order(version: Version) -> tuple[date, datetime, int, str, str]:
        told = by_id.get(version.list_id) or by_id[version.delivery_id]
        return (
            told.business_date,
            version.updated_at or datetime.min,
            version.line,
            told.delivery_order,
            version.delivery_id,
        )

    return sorted(found, key=order, reverse=True)


def _of_delivery(
    root: DataRoot, contract: ExtractContract, delivery: DeliveryRecord, key: Mapping[str, Any]
) -> list[Version]:
    path = accepted_path(root, contract.id, delivery.receipt_id)
    if not path.exists():
        raise ConfigurationError(
            f"the accepted rows of delivery {delivery.receipt_id} are missing from raw/",
            "run `tongchuan rebuild`: it makes raw/ again from the archive",
        )
    names = set(pl.read_parquet_schema(path))
    if not set(key) <= names:
        return []  # accepted under an older contract that lacked the column
    rows = (
        pl.scan_parquet(path)
        .filter(*(pl.col(name).cast(pl.String) == str(value) for name, value in key.items()))
        .select(
            pl.col("delivery_id", "list_id", "line"),
            pl.concat_str([pl.col(c.name).cast(pl.String) for c in contract.key], separator="/",
                          ignore_nulls=True).alias("record_key"),
            pl.col("updated_at") if "updated_at" in names else pl.lit(None).alias("updated_at"),
            pl.col("operation") if "operation" in names else pl.lit(None).alias("operation"),
        )
        .collect()
    )  # fmt: skip
    return [Version(**row) for row in rows.iter_rows(named=True)]
