"""Where things lie under the data root. The only place that spells these folders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class DataRoot:
    """The run-time tree below `TONGCHUAN_DATA` (default `data/`)."""

    root: Path

    @classmethod
    def from_environment(cls) -> DataRoot:
        """The root that the environment names, absolute."""
        return cls(Path(os.environ.get("TONGCHUAN_DATA") or PROJECT / "data").absolute())

    @property
    def inbox(self) -> Path:
        """What departments drop."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Deliveries as they came, for ever."""
        return self.root / "archive"

    @property
    def taking(self) -> Path:
        """Deliveries taken from the inbox whose processing has not ended."""
        return self.root / "archive" / ".taking"

    @property
    def receipts(self) -> Path:
        """What goes back to departments."""
        return self.root / "receipts"

    @property
    def corrections(self) -> Path:
        """Corrections that are personal: YAML as in `catalog/corrections`, the operator's alone."""
        return self.root / "corrections"

    @property
    def raw(self) -> Path:
        """Accepted rows, typed Parquet."""
        return self.root / "raw"

    @property
    def build(self) -> Path:
        """Disposable: the warehouse and everything derived."""
        return self.root / "build"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds; one writer."""
        return self.build / "warehouse.duckdb"

    @property
    def candidates(self) -> Path:
        """Candidate products as Parquet, as the gate and the release see them."""
        return self.build / "candidates"

    @property
    def published(self) -> Path:
        """The release store."""
        return self.root / "published"

    @property
    def analysts(self) -> Path:
        """The analysts' folder."""
        return self.root / "analysts"

    @property
    def packages(self) -> Path:
        """What consumers were given."""
        return self.root / "packages"

    @property
    def truth(self) -> Path:
        """The simulator's truth."""
        return self.root / "truth"

    @property
    def logs(self) -> Path:
        """Run logs: counts and rule ids only."""
        return self.root / "logs"

    @property
    def dagster(self) -> Path:
        """Dagster's home: run storage and event log."""
        return self.root / "dagster"

    @property
    def lock(self) -> Path:
        """The lock of the night."""
        return self.root / "night.lock"

    @property
    def keys(self) -> Path:
        """Signing and pseudonym keys (`TONGCHUAN_KEY_DIR`, default below the root)."""
        told = os.environ.get("TONGCHUAN_KEY_DIR")
        return Path(told).absolute() if told else self.root / "keys"

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger (`TONGCHUAN_LEDGER_URL`, default SQLite)."""
        return os.environ.get("TONGCHUAN_LEDGER_URL") or f"sqlite:///{self.root / 'ledger.sqlite'}"
