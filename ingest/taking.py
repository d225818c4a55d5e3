"""Moving a file out of the inbox, and finishing what a killed process had begun.

A delivery in work lies in `archive/.taking/<receipt_id>/` (file + delivery.json). It leaves that
folder for its place in the archive only after its rows, its receipt and the ledger are written.
So whatever lies in `.taking` is unfinished, every step is repeated under the same id, and each
delivery and each receipt come out once.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from foundation import clock
from foundation.errors import ConfigurationError
from foundation.failpoint import failpoint
from foundation.files import fsync_path, make_private, sha256_file, write_json
from foundation.paths import DataRoot
from ingest.inbox import Waiting
from ingest.naming import (
    BusinessDate,
    Control,
    business_date,
    delivery_id,
    delivery_order,
    read_control,
)
from ingest.refusal import Refusal
from ledger import Ledger

_RECORD = "delivery.json"
_LONGEST_NAME = 255  # bytes; a name in GB18030 grows by half when it is written in UTF-8


@dataclass(frozen=True)
class Taken:
    """A delivery in the archive, finished or not."""

    folder: Path
    receipt_id: str
    delivery_id: str
    provider: str
    extract: str
    file_name: str
    file_sha256: str
    file_bytes: int
    day: BusinessDate
    received_at: datetime
    control: Control | None
    control_error: tuple[str, str] | None

    @property
    def path(self) -> Path:
        """The data file."""
        return self.folder / self.file_name

    @property
    def is_duplicate(self) -> bool:
        """The same bytes came before."""
        return self.receipt_id != self.delivery_id

    @property
    def order(self) -> str:
        """See `naming.delivery_order`."""
        return delivery_order(self.day, self.received_at, self.delivery_id)

    def place(self, base: Path) -> Path:
        """Its folder below `archive/` or `receipts/`."""
        return base / self.provider / self.extract / self.receipt_id


def _describe(taken: Taken) -> dict[str, Any]:
    return {
        "receipt_id": taken.receipt_id,
        "delivery_id": taken.delivery_id,
        "provider": taken.provider,
        "extract": taken.extract,
        "file_name": taken.file_name,
        "file_sha256": taken.file_sha256,
        "file_bytes": taken.file_bytes,
        "business_date": taken.day.day.isoformat(),
        "business_date_source": taken.day.source,
        "business_date_is_ambiguous": taken.day.is_ambiguous,
        "received_at": taken.received_at.isoformat(timespec="microseconds"),
        "control": taken.control.content if taken.control else None,
        "control_error": list(taken.control_error) if taken.control_error else None,
    }


def read_taken(folder: Path) -> Taken:
    """A delivery from its archive folder."""
    told = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    control = told["control"]
    error = told["control_error"]
    return Taken(
        folder=folder,
        receipt_id=told["receipt_id"],
        delivery_id=told["delivery_id"],
        provider=told["provider"],
        extract=told["extract"],
        file_name=told["file_name"],
        file_sha256=told["file_sha256"],
        file_bytes=told["file_bytes"],
        day=BusinessDate(
            date.fromisoformat(told["business_date"]),
            told["business_date_source"],
            told["business_date_is_ambiguous"],
        ),
        received_at=datetime.fromisoformat(told["received_at"]),
        control=read_control(json.dumps(control).encode()) if control else None,
        control_error=(error[0], error[1]) if error else None,
    )


def readable(name: str) -> str:
    """A name as text: names that are not UTF-8 were written by a Chinese Windows in GB18030."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def kept_name(name: str) -> str:
    """The name a file has in the archive: its own, unless that is our record's or too long."""
    name = f"_{name}" if name == _RECORD else readable(name)
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  (a name, not a path)
    suffix = suffix[:20]
    room = _LONGEST_NAME - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + suffix


def take(root: DataRoot, ledger: Ledger, waiting: Waiting) -> Taken | None:
    """Move one waiting file (and its control file) into `archive/.taking`.

    Returns None when the file went away or changed while it was being hashed: it is looked at
    again the next time.
    """
    try:
        before = waiting.path.stat()
        sha256 = sha256_file(waiting.path)
        after = waiting.path.stat()
    except FileNotFoundError:
        return None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    control, error = None, None
    if waiting.control is not None:
        try:
            control = read_control(waiting.control.read_bytes())
        except FileNotFoundError:
            return None
        except Refusal as refusal:
            error = (refusal.rule_id, refusal.message_cn)
    name = kept_name(waiting.path.name)
    provider, extract = readable(waiting.provider), readable(waiting.extract)
    received = clock.tick()
    day = business_date(readable(waiting.path.name), control, received.date())
    explicit = day.day if day.is_explicit else None
    identity = delivery_id(provider, extract, explicit, sha256)
    taken = Taken(
        folder=Path(),
        receipt_id=_receipt_id(root, ledger, identity),
        delivery_id=identity,
        provider=provider,
        extract=extract,
        file_name=name,
        file_sha256=sha256,
        file_bytes=after.st_size,
        day=day,
        received_at=received,
        control=control,
        control_error=error,
    )
    return _move(root, waiting, taken)


def _receipt_id(root: DataRoot, ledger: Ledger, identity: str) -> str:
    known = ledger.receipt_ids(identity)
    known |= {p.name for p in root.taking.glob(f"{identity}*")} if root.taking.exists() else set()
    if identity not in known:
        return identity
    number = 1
    while f"{identity}.dup{number}" in known:
        number += 1
    return f"{identity}.dup{number}"


def _move(root: DataRoot, waiting: Waiting, taken: Taken) -> Taken:
    make_private(root.archive)
    make_private(root.taking)
    if root.inbox.stat().st_dev != root.taking.stat().st_dev:
        raise ConfigurationError(
            "inbox/ and archive/ lie on different file systems: no file can be moved in one step",
            "put both on one file system (mount the whole data root, not the inbox alone)",
        )
    folder = root.taking / taken.receipt_id
    folder.mkdir(mode=0o700)
    write_json(folder / _RECORD, _describe(taken))
    fsync_path(root.taking)
    failpoint("take.described")
    waiting.path.rename(folder / taken.file_name)
    fsync_path(folder)
    fsync_path(waiting.path.parent)
    failpoint("take.moved")
    if waiting.control is not None:
        waiting.control.unlink(missing_ok=True)
    (folder / taken.file_name).chmod(0o400)
    return read_taken(folder)


def unfinished(root: DataRoot) -> list[Taken]:
    """Deliveries that were taken and not finished; a half-described one is put away."""
    found = []
    for folder in sorted(root.taking.iterdir()) if root.taking.exists() else []:
        record = folder / _RECORD
        if not record.exists():
            shutil.rmtree(folder)  # killed before the file was moved: it still lies in the inbox
            continue
        taken = read_taken(folder)
        if not taken.path.exists():
            if taken.place(root.archive).exists():
                raise ConfigurationError(f"{folder} has no data file", "restore it from backup")
            shutil.rmtree(folder)
            continue
        stale = root.inbox / taken.provider / taken.extract / (taken.file_name + ".ok.json")
        is_next = stale.with_name(taken.file_name).exists()  # then it belongs to that file
        if (taken.control is not None or taken.control_error is not None) and not is_next:
            stale.unlink(missing_ok=True)
        found.append(taken)
    return sorted(found, key=lambda t: t.received_at)


def finish(root: DataRoot, taken: Taken) -> None:
    """Move a finished delivery to its place in the archive; a duplicate keeps no second copy."""
    target = taken.place(root.archive)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if taken.is_duplicate:
        original = root.archive / taken.provider / taken.extract / taken.delivery_id
        names = [p for p in original.glob("*") if p.name != _RECORD] if original.exists() else []
        if names:
            link = taken.folder / ".link"
            link.unlink(missing_ok=True)
            os.link(names[0], link)
            link.replace(taken.path)
    taken.folder.rename(target)
    fsync_path(target.parent)
    failpoint("take.finished")


def archived(root: DataRoot) -> list[Taken]:
    """Every delivery in the archive, in the order they came (for `rebuild`)."""
    records = root.archive.glob(f"**/{_RECORD}")
    found = [read_taken(p.parent) for p in records if root.taking not in p.parents]
    return sorted(found, key=lambda t: (t.received_at, t.receipt_id))
