"""Where the rows of a delivery are stored."""

from __future__ import annotations

from pathlib import Path

from foundation.paths import DataRoot


def rejected_path(root: DataRoot, extract: str, receipt_id: str) -> Path:
    """Which lines of a delivery went back (line numbers and keys)."""
    return root.raw / extract / f"{receipt_id}.rejected.parquet"


def accepted_path(root: DataRoot, extract: str, receipt_id: str) -> Path:
    """The accepted rows of a delivery."""
    return root.raw / extract / f"{receipt_id}.parquet"
