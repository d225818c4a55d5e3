"""What is late: period and grace after the last business date that was accepted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from catalog import catalog
from ledger import DeliveryRecord, Ledger
from orchestration.lateness import timeliness

DAY = date(2018, 3, 31)


def told(ledger: Ledger, day: date) -> dict[str, bool]:
    return {t.extract: t.is_late for t in timeliness(ledger, catalog(), day)}


def deliver(ledger: Ledger, extract: str, day: date, status: str = "accepted", n: int = 1) -> None:
    ledger.record_delivery(
        DeliveryRecord(
            receipt_id=f"{extract}{n}", delivery_id=f"{extract}{n}", provider="p", extract=extract,
            file_name="a.csv", file_sha256="0" * 64, file_bytes=1, business_date=day,
            date_source="arrival", received_at=datetime(2018, 4, 1), delivery_order="0",
            status=status,  # type: ignore[arg-type]
        )
    )  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def test_what_never_came_has_not_begun(ledger: Ledger) -> None:
    assert told(ledger, DAY) == dict.fromkeys(sorted(catalog().extracts), False)


@pytest.mark.parametrize(
    ("extract", "allowed"),
    [("population/household_registration", 2), ("legal_entity/tax_registration", 9),
     ("legal_entity/public_institution", 36)],
)  # fmt: skip
def test_late_is_after_period_and_grace(ledger: Ledger, extract: str, allowed: int) -> None:
    deliver(ledger, extract, DAY)
    assert not told(ledger, DAY + timedelta(days=allowed))[extract]
    assert told(ledger, DAY + timedelta(days=allowed + 1))[extract]


def test_only_accepted_deliveries_are_an_update(ledger: Ledger) -> None:
    extract = "population/household_registration"
    deliver(ledger, extract, DAY)
    deliver(ledger, extract, DAY + timedelta(days=3), "refused", 2)
    assert told(ledger, DAY + timedelta(days=3))[extract]
    deliver(ledger, extract, DAY + timedelta(days=3), "accepted", 3)
    deliver(ledger, extract, DAY - timedelta(days=9), "accepted", 4)
    found = {t.extract: t for t in timeliness(ledger, catalog(), DAY + timedelta(days=4))}
    assert found[extract].last == DAY + timedelta(days=3)
    assert not found[extract].is_late
