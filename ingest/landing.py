"""Writing a delivery's outcome: accepted rows, receipt and returns, the ledger; in that order.

Every step writes under the delivery's own id and may be repeated: a killed process leaves the
delivery in `archive/.taking`, and the next one does all of it again to the same result.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal, TypedDict

import polars as pl

from catalog import Catalog
from foundation.failpoint import failpoint
from foundation.files import atomic_folder, atomic_path, make_private
from foundation.paths import DataRoot
from ingest.process import Outcome
from ingest.receipt import receipt_document, write_receipt
from ingest.returns import own_headers, returned_rows, write_returns
from ingest.stored import accepted_path, rejected_path
from ingest.taking import Taken
from ledger import Ledger


class ParquetSettings(TypedDict):
    """How accepted rows are written (arguments of Polars)."""

    compression: Literal["zstd"]
    compression_level: int
    statistics: bool
    row_group_size: int


# The size of row groups is said, or it would follow from the number of threads. zstd at level 1
# costs a tenth of a CPU second more than lz4 for a million rows and makes a third less of them.
PARQUET = ParquetSettings(
    compression="zstd", compression_level=1, statistics=False, row_group_size=1 << 17
)


def land(root: DataRoot, ledger: Ledger, catalog: Catalog, taken: Taken, outcome: Outcome) -> None:
    """Write everything one delivery leads to."""
    write_raw(root, outcome)
    failpoint("land.raw")
    write_answer(root, catalog, taken, outcome)
    failpoint("land.receipt")
    ledger.record_delivery(outcome.record)
    failpoint("land.ledger")


def write_raw(root: DataRoot, outcome: Outcome) -> None:
    """The accepted rows and the rejected lines as Parquet; nothing of a refused delivery."""
    record, judged, table = outcome.record, outcome.judged, outcome.table
    targets = (
        accepted_path(root, record.extract, record.receipt_id),
        rejected_path(root, record.extract, record.receipt_id),
    )
    if record.status == "refused" or judged is None or table is None:
        for target in targets:
            target.unlink(missing_ok=True)
        return
    accepted = judged.stream()
    rejected = judged.rejected_keys.with_columns(root_line=pl.col("line"))
    if outcome.root_lines is not None:
        own = pl.DataFrame({"line": table.lines, "root_line": outcome.root_lines})
        accepted = _with_root(accepted, own.lazy()).drop("line").rename({"root_line": "line"})
        rejected = _with_root(rejected.drop("root_line").lazy(), own.lazy()).collect()
    if table.broken:
        lines = pl.Series("line", [b.line for b in table.broken], dtype=pl.Int64)
        broken = pl.DataFrame({"line": lines, "root_line": lines})
        if outcome.root_lines is not None:  # which line of the original it is cannot be read
            broken = broken.with_columns(root_line=pl.lit(None, dtype=pl.Int64))
        rejected = pl.concat([rejected, broken], how="diagonal_relaxed")
    identity = pl.lit(record.receipt_id).alias("delivery_id")
    origin = pl.lit(record.return_of or record.receipt_id).alias("list_id")
    make_private(root.raw)
    for target, frame in zip(targets, (accepted, rejected.lazy()), strict=True):
        with atomic_path(target) as temporary:
            frame.with_columns(identity, origin).sink_parquet(temporary, **PARQUET)


def _with_root(frame: pl.LazyFrame, own: pl.LazyFrame) -> pl.LazyFrame:
    return frame.join(own, on="line", how="left", maintain_order="left")


def write_answer(root: DataRoot, catalog: Catalog, taken: Taken, outcome: Outcome) -> None:
    """The receipt's folder: receipt.json, 回执.html, 退回明细. Replaces an earlier one whole."""
    record = outcome.record
    target = taken.place(root.receipts)
    department = catalog.departments.get(record.provider)
    title = department.title_cn if department else record.provider
    shutil.rmtree(target, ignore_errors=True)
    with atomic_folder(target) as folder:
        name = None
        if outcome.table is not None and outcome.judged is not None:
            rows = returned_rows(outcome.table, outcome.judged, catalog, record.receipt_id)
            name = write_returns(folder, rows, own_headers(outcome.table))
        write_receipt(folder, receipt_document(record, catalog, name, outcome.shown_lines), title)
    open_to_group(target, department.unix_group if department else None)


def open_to_group(target: Path, group: str | None) -> None:
    """Let the department's Unix group read the receipt, if the city named one."""
    for path in (target, *target.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o640)
        if group is not None:
            shutil.chown(path, group=group)
