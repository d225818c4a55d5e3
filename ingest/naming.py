"""Identity, business date and order of a delivery (docs/semantics.md)."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ingest.refusal import Refusal
from ledger.records import DateSource

_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)")


@dataclass(frozen=True)
class BusinessDate:
    """A business date, where it came from, and whether the file name held several."""

    day: date
    source: DateSource
    is_ambiguous: bool = False

    @property
    def is_explicit(self) -> bool:
        """Stated by the department, not taken from the day of arrival."""
        return self.source in ("control", "file_name")


@dataclass(frozen=True)
class Control:
    """A control file: each of its statements must agree with the data file."""

    rows: int | None
    sha256: str | None
    business_date: date | None
    content: dict[str, Any]


def read_control(content: bytes) -> Control:
    """Read a control file `<file>.ok.json`.

    Raises:
        Refusal: it is no JSON object, or a known key has no usable value.
    """
    try:
        told = json.loads(content.decode("utf-8-sig"))
        json.dumps(told, ensure_ascii=False).encode()  # it is kept in the archive as it is
    except (ValueError, RecursionError):  # also numbers without end, halves of surrogate pairs
        raise Refusal("R-CTL-01", "控制文件不是有效的 JSON") from None
    if not isinstance(told, dict):
        raise Refusal("R-CTL-01", "控制文件不是 JSON 对象")
    rows, sha, day = told.get("rows"), told.get("sha256"), told.get("business_date")
    if rows is not None and (not isinstance(rows, int) or isinstance(rows, bool) or rows < 0):
        raise Refusal("R-CTL-01", "控制文件的 rows 不是非负整数")
    if sha is not None and not (isinstance(sha, str) and re.fullmatch(r"[0-9a-fA-F]{64}", sha)):
        raise Refusal("R-CTL-01", "控制文件的 sha256 不是 64 位十六进制")
    parsed = None
    if day is not None:
        try:
            parsed = datetime.strptime(str(day), "%Y-%m-%d").date()
        except ValueError:
            raise Refusal("R-CTL-04", "控制文件的 business_date 不是 YYYY-MM-DD") from None
    return Control(rows, sha.lower() if sha else None, parsed, told)


def business_date(file_name: str, control: Control | None, arrived: date) -> BusinessDate:
    """From the control file, else from eight digits in the name, else the day of arrival."""
    if control and control.business_date:
        return BusinessDate(control.business_date, "control")
    found = []
    for text in _EIGHT_DIGITS.findall(file_name):
        try:
            found.append(datetime.strptime(text, "%Y%m%d").date())
        except ValueError:
            continue
    if found:
        return BusinessDate(found[0], "file_name", len(set(found)) > 1)
    return BusinessDate(arrived, "arrival")


def delivery_id(provider: str, extract: str, explicit: date | None, sha256: str) -> str:
    """24 hex digits of the SHA-256 over provider, extract, explicit business date and bytes."""
    text = "\x1f".join((provider, extract, explicit.isoformat() if explicit else "", sha256))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def delivery_order(day: BusinessDate, received_at: datetime, identity: str) -> str:
    """Orders deliveries of one business date.

    Stated dates first, by id, so that the order of arrival changes nothing; then those that are
    dated by their arrival, in the order in which they came: the later `export.csv` of a day wins.
    """
    if day.is_explicit or day.source == "return":
        return f"0:{identity}"
    return f"1:{received_at.isoformat(timespec='microseconds')}:{identity}"
