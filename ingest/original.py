"""What a corrected 退回明细 corrects: its delivery, and the original line of each row.

The stored lines of a delivery that went back are the authority: a row that was never returned
corrects nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from foundation.paths import DataRoot
from ingest.headers import Mapping
from ingest.refusal import Refusal
from ingest.stored import rejected_path
from ingest.table import Table, line_numbers
from ledger import DeliveryRecord, Ledger


@dataclass(frozen=True)
class Original:
    """The delivery that a return corrects; each row's original line (NULL: never returned)."""

    record: DeliveryRecord
    lines: pl.Series


def find_original(
    table: Table, mapping: Mapping, record: DeliveryRecord, root: DataRoot, ledger: Ledger
) -> Original | None:
    """For a corrected 退回明细: the delivery it corrects, and each row's original line."""
    if not mapping.is_return or table.cells.height == 0:
        return None
    ids = table.cells[str(mapping.receipt)].str.strip_chars().unique().drop_nulls().to_list()
    if len(ids) != 1:
        raise Refusal("R-RET-03", f"文件中有 {len(ids)} 个回执号，应当只有一个")
    original = ledger.delivery(ids[0])
    if original is None:
        raise Refusal("R-RET-01", "回执号不存在")
    if (original.provider, original.extract) != (record.provider, record.extract):
        raise Refusal("R-RET-04", "回执号属于其他部门或其他数据资源")
    numbers = line_numbers(table.cells[str(mapping.line)])
    path = rejected_path(root, record.extract, original.receipt_id)
    if original.status == "refused":
        raise Refusal("R-RET-01", "该回执的文件整份未被接收，请改正后重新报送整份文件")
    if not path.exists():
        raise Refusal("R-RET-01", "该回执没有退回的行")
    known = pl.read_parquet(path, columns=["line", "root_line"]).unique("line")
    joined = pl.DataFrame({"line": numbers}).join(
        known, on="line", how="left", maintain_order="left"
    )
    return Original(original, joined["root_line"])
