"""What ingesting a file costs without a single check: the work that nobody can leave out.

The bytes are read and hashed (the archive's proof), decoded strictly, parsed by `polars.read_csv`
into the contract's types, lines and delimiters counted beside the parser, and the same rows written
as Parquet with ingest's own settings, flushed to the disk. Undamaged files only: nothing is mended,
looked at or told. Two threads, as in ingest. What ingest takes longer is its checks.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from catalog import ExtractContract
from foundation.files import atomic_path, sha256_file
from ingest.counting import find_lines, per_line
from ingest.decode import to_utf8
from ingest.evaluate import polars_type
from ingest.landing import PARQUET


def floor(path: Path, contract: ExtractContract, target: Path) -> str:
    """Do it once; the file's columns stand as in the contract.

    Raises:
        RuntimeError: parser and counter disagree.
    """
    types = {c.name: polars_type(c) for c in contract.columns}
    with ThreadPoolExecutor(2) as pool:
        hashing = pool.submit(sha256_file, path)
        data, _ = to_utf8(path.read_bytes())
        counting = pool.submit(_count, data)
        frame = pl.read_csv(
            data,
            has_header=False,
            skip_lines=1,
            new_columns=list(types),
            schema=types,
            quote_char=None,
            extra_columns="raise",
            missing_columns="raise",
        )
        sha256, counted = hashing.result(), counting.result()
    if counted != (frame.height + 1, (frame.width - 1) * (frame.height + 1)):
        raise RuntimeError(f"{frame.height} rows were parsed, {counted} lines and delimiters found")
    own = pl.lit(sha256[:24])
    with atomic_path(target) as temporary:
        (
            frame.lazy()
            .with_row_index("line", offset=2)
            .with_columns(own.alias("delivery_id"), own.alias("list_id"))
            .sink_parquet(temporary, **PARQUET)
        )
    return f"{frame.height} rows"


def _count(data: bytes) -> tuple[int, int]:
    """Lines and delimiters."""
    lines = find_lines(data)
    delimiters, _ = per_line(data, lines, ord(","))
    return len(lines), int(delimiters.sum())
