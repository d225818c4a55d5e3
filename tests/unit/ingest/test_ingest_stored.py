"""What is stored of a delivery is the same bytes on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from foundation.paths import PROJECT

# More rows than a group of rows holds: where groups end must not follow from the threads.
_PROGRAM = """
import hashlib, sys
from datetime import date, datetime
from pathlib import Path
import numpy as np, polars as pl
from foundation.paths import DataRoot
from ingest.landing import write_raw
from ingest.process import Outcome
from ingest.rows import Judged
from ingest.stored import accepted_path
from ingest.table import Table
from ledger import DeliveryRecord

rows = 600_000
typed = pl.select(line=pl.int_range(rows)).with_columns(text=pl.col("line").cast(pl.String))
keep = np.arange(rows) % 97 != 5
judged = Judged(
    typed=typed, keep=keep, rejected=np.flatnonzero(~keep), problems=pl.DataFrame(),
    rejected_keys=typed.filter(pl.Series(~keep)).select("line"), duplicates=0, rules=(),
)
table = Table(("t",), typed.select(pl.col("text").alias("0")), typed["line"], (), 0, rows, "utf-8")
record = DeliveryRecord(
    receipt_id="r", delivery_id="r", provider="p", extract="e/x", file_name="f", file_sha256="0",
    file_bytes=1, business_date=date(2018, 3, 29), date_source="file_name",
    received_at=datetime(2018, 3, 29), delivery_order="0:r", status="partly_accepted",
)
root = DataRoot(Path(sys.argv[1]))
write_raw(root, Outcome(record, table, judged))
path = accepted_path(root, "e/x", "r")
stored = pl.read_parquet(path)
assert stored.select("line", "text").equals(judged.accepted)
print(hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_stored_rows_are_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    def stored_with(threads: str) -> str:
        command = [sys.executable, "-c", _PROGRAM, str(tmp_path / threads)]
        environment = {**os.environ, "POLARS_MAX_THREADS": threads}
        return subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    assert stored_with("1") == stored_with("16")
