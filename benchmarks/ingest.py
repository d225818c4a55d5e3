"""From the bytes of a delivery to accepted Parquet and the rows that go back, against Polars.

The yardstick is `polars.read_csv(file)` as it comes (types inferred) on the undamaged UTF-8 file,
in the same run: it decodes nothing, checks nothing and writes nothing. Beside it stands the same
call with `infer_schema=False` (every cell stays text), and the floor of each encoding
(`benchmarks.floor`): everything that must be done to a file even if nothing is checked.

Timed: `examine` (the hash that proves the archived bytes, strict decoding, the independent count,
headers, every check of the contract, the balance of counts, envelopes), `write_raw` (accepted and
rejected rows, flushed to the disk) and the table of returned rows with reasons. Not timed: the
first hash, under which a file is taken out of the inbox, and the receipt's page and the xlsx of
the returned rows, whose cost depends on the number of bad rows and not on the file.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import polars as pl

from benchmarks.floor import floor
from benchmarks.machine import show
from catalog import Catalog, catalog
from foundation.files import sha256_file
from foundation.paths import DataRoot
from ingest.landing import write_raw
from ingest.naming import BusinessDate
from ingest.process import Outcome, examine
from ingest.returns import returned_rows
from ledger import DeliveryRecord, Ledger
from simulator import simulate

EXTRACT, PROVIDER = "population/household_registration", "public_security"
DAY = date(2018, 3, 29)
# Of a city's people, so many are registered households' members (the rest are outsiders).
_REGISTERED_SHARE = 0.93
_AS_IT_COMES, _AS_TEXT = "polars.read_csv, as it comes", "polars.read_csv, infer_schema=False"
_FLOOR = {name: f"floor {name}: no check at all" for name in ("UTF-8", "GB18030")}


@dataclass(frozen=True)
class World:
    """Where one delivery is examined."""

    root: DataRoot
    ledger: Ledger
    catalog: Catalog


def run(*, rows: int, seed: int, rounds: int) -> None:
    """Make the files, time each way of reading them in turn, print medians and ratios."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        folder = Path(place)
        clean = _files(folder / "clean", rows, seed, 0.0)
        dirty = _files(folder / "dirty", rows, seed, 0.01)
        root = DataRoot(folder / "data")
        world = World(root, Ledger.open(root), catalog())
        ways: dict[str, Callable[[], str]] = {
            _AS_IT_COMES: lambda: _bare(clean["utf-8"], infer=True),
            _AS_TEXT: lambda: _bare(clean["utf-8"], infer=False),
            _FLOOR["UTF-8"]: lambda: _floor(clean["utf-8"], world),
            _FLOOR["GB18030"]: lambda: _floor(clean["gb18030"], world),
            "ingest UTF-8, undamaged": lambda: _ingest(clean["utf-8"], world),
            "ingest UTF-8, 1 % damaged": lambda: _ingest(dirty["utf-8"], world),
            "ingest GB18030, undamaged": lambda: _ingest(clean["gb18030"], world),
            "ingest GB18030, 1 % damaged": lambda: _ingest(dirty["gb18030"], world),
        }
        for way in ways.values():  # once to warm the page cache and the allocator
            way()
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        cpu: dict[str, list[float]] = {name: [] for name in ways}
        told: dict[str, str] = {}
        for _ in range(rounds):
            for name, way in ways.items():
                gc.collect()
                started, used = time.perf_counter(), time.process_time()
                told[name] = way()
                seconds[name].append(time.perf_counter() - started)
                cpu[name].append(time.process_time() - used)
        _print(seconds, cpu, told, rounds, {e: p.stat().st_size for e, p in clean.items()})


def _files(folder: Path, rows: int, seed: int, damage: float) -> dict[str, Path]:
    """The household registration of the first night in both encodings."""
    root = DataRoot(folder)
    simulate(root, people=int(rows / _REGISTERED_SHARE), seed=seed, damage=damage, start=DAY)
    (source,) = (root.inbox / PROVIDER / EXTRACT).glob("*.csv")
    text = source.read_bytes().decode("gb18030").removeprefix("\ufeff")
    files = {name: folder / f"{name}_20180329.csv" for name in ("utf-8", "gb18030")}
    for encoding, path in files.items():
        path.write_bytes(text.encode(encoding))
    return files


def _bare(path: Path, *, infer: bool) -> str:
    """Polars alone; with inference, types are guessed from the first hundred rows."""
    frame = pl.read_csv(path) if infer else pl.read_csv(path, infer_schema=False)
    return f"{frame.height} rows"


def _floor(path: Path, world: World) -> str:
    return floor(path, world.catalog.extracts[EXTRACT], world.root.raw / "floor.parquet")


def _ingest(path: Path, world: World) -> str:
    sha256 = _identity(path)
    record = DeliveryRecord(
        receipt_id=sha256[:24], delivery_id=sha256[:24], provider=PROVIDER, extract=EXTRACT,
        file_name=path.name, file_sha256=sha256, file_bytes=path.stat().st_size,
        business_date=DAY, date_source="file_name", received_at=datetime(2018, 3, 29, 20),
        delivery_order=f"0:{sha256[:24]}", status="duplicate",
    )  # fmt: skip
    day = BusinessDate(DAY, "file_name")
    outcome = examine(path, record, day, None, world.root, world.ledger, world.catalog)
    write_raw(world.root, outcome)
    return _summary(outcome, world)


@lru_cache
def _identity(path: Path) -> str:
    """Under which a file is taken; not timed."""
    return sha256_file(path)


def _summary(outcome: Outcome, world: World) -> str:
    record = outcome.record
    if outcome.table is None or outcome.judged is None or record.status == "refused":
        raise RuntimeError(f"the delivery was refused: {record.refused_rule}")
    returned = returned_rows(outcome.table, outcome.judged, world.catalog, record.receipt_id)
    if returned.height != record.rejected:
        raise RuntimeError(f"{record.rejected} rows rejected, {returned.height} returned")
    return f"{record.accepted} accepted, {record.rejected} returned, {record.duplicate} duplicate"


def _print(
    seconds: dict[str, list[float]], cpu: dict[str, list[float]], told: dict[str, str],
    rounds: int, sizes: dict[str, int],
) -> None:  # fmt: skip
    median = {name: statistics.median(values) for name, values in seconds.items()}
    used = {name: statistics.median(values) for name, values in cpu.items()}
    rows = [
        [
            name,
            f"{median[name]:.2f}",
            f"{min(values):.2f}-{max(values):.2f}",
            f"{median[name] / median[_AS_IT_COMES]:.1f}",
            f"{median[name] / median[_AS_TEXT]:.1f}",
            f"{used[name]:.2f}",
            _times_floor(name, used),
            told[name],
        ]
        for name, values in seconds.items()
    ]
    size = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes.items())
    show(
        f"ingest: {EXTRACT}, {size}; medians of {rounds} interleaved rounds",
        ["", "seconds", "range", "x as it comes", "x as text", "CPU s", "CPU x floor", "rows"],
        rows,
    )
    print("  the receipt's page and the xlsx of the returned rows are not in these times")


def _times_floor(name: str, used: dict[str, float]) -> str:
    """CPU, as times the floor of the same encoding."""
    own = next((floor for encoding, floor in _FLOOR.items() if encoding in name), None)
    return "" if own is None else f"{used[name] / used[own]:.2f}"
