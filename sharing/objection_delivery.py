"""Objections into the departments' receipts: `receipts/<provider>/疑义/<business date>/`.

A department gets a sheet when a release opened or resolved one of its objections, and none on a
night that changed nothing for it. `疑义.json` beside the workbook says which release it shows, so
that a killed step is made up for by the next one.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from catalog import Catalog
from foundation.errors import IntegrityError
from foundation.failpoint import failpoint
from foundation.files import atomic_folder, write_json
from foundation.paths import DataRoot
from ingest.landing import open_to_group
from ledger import Ledger, ObjectionLives
from sharing.objection_sheet import Sheet, department_sheet
from sharing.objection_xlsx import write_workbook
from sharing.store import Store

FOLDER, WORKBOOK, NOTE = "疑义", "疑义.xlsx", "疑义.json"


def deliver_objections(root: DataRoot, ledger: Ledger, catalog: Catalog) -> list[Path]:
    """Write what departments have not been told yet; again is a no-op. Returns the folders.

    Call after `follow_objections`; the caller holds the lock.

    Raises:
        IntegrityError: a release cannot be read.
    """
    store = Store.of(root)
    numbers = store.numbers()
    if not numbers:
        return []
    newest: dict[str, int] = {}
    for life in ObjectionLives(ledger).lives():
        changed = max(life.first_release, life.resolved_release or 0)
        newest[life.provider] = max(changed, newest.get(life.provider, 0))
    made = []
    for provider in sorted(newest):
        if newest[provider] > _told(root, provider):
            release = store.release(numbers[-1])
            sheet = department_sheet(root, ledger, catalog, release, provider)
            target = root.receipts / provider / FOLDER / sheet.business_date.isoformat()
            write_sheet(target, sheet, catalog)
            failpoint("objections.sheet")
            made.append(target)
    return made


def _told(root: DataRoot, provider: str) -> int:
    """The newest release that a sheet of this department shows; 0 before the first."""
    notes = (root.receipts / provider / FOLDER).glob(f"*/{NOTE}")
    return max((int(_note(path)["release"]) for path in notes), default=0)


def _note(path: Path) -> dict[str, int]:
    try:
        found = json.loads(path.read_bytes())
        return {"release": int(found["release"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise IntegrityError(f"{path} is unreadable", "remove its folder and run again") from None


def write_sheet(target: Path, sheet: Sheet, catalog: Catalog) -> None:
    """Write workbook and note into a folder, replacing an earlier one of that date whole."""
    shutil.rmtree(target, ignore_errors=True)
    with atomic_folder(target) as folder:
        write_workbook(folder / WORKBOOK, sheet)
        write_json(folder / NOTE, note(sheet))
    open_to_group(target, catalog.departments[sheet.provider].unix_group)


def note(sheet: Sheet) -> dict[str, object]:
    """What a sheet holds, in numbers."""
    return {
        "provider": sheet.provider,
        "business_date": sheet.business_date.isoformat(),
        "release": sheet.release,
        "opened": sheet.opened.height,
        "still": sheet.still.height,
        "resolved": sheet.resolved.height,
    }
