"""The command line about deliveries: one JSON document, and what the exit codes mean."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands import finished
from tests.unit.ingest.ingest_world import HOUSEHOLD, INSTITUTION, City, csv_bytes, row, rows


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("TONGCHUAN_NOW", "2018-04-01T02:00:00")
    return City.at(tmp_path / "data")


def command(city: City, *arguments: str) -> tuple[int | None, Any, str]:
    code, out, err = finished(arguments, {**os.environ, "TONGCHUAN_DATA": str(city.root.root)})
    return code, json.loads(out) if "--json" in arguments else out, err


def test_check_and_its_exit_codes(city: City, tmp_path: Path) -> None:
    good, bad = tmp_path / "a_20180331.csv", tmp_path / "b.csv"
    good.write_bytes(csv_bytes(HOUSEHOLD, [row(HOUSEHOLD, 1), row(HOUSEHOLD, 2, ethnic_code="99")]))
    bad.write_bytes(b"no table")
    code, told, _ = command(city, "check", str(good), "--extract", HOUSEHOLD, "--json")
    assert (code, told["status"], told["counts"]["rejected"]) == (0, "partly_accepted", 1)
    code, told, _ = command(city, "check", str(bad), "--extract", HOUSEHOLD, "--json")
    assert (code, told["refused_because"]["rule_id"]) == (1, "R-COL-01")
    code, told, _ = command(city, "check", str(good), "--extract", "no/such", "--json")
    assert (code, told["exit_code"]) == (2, 2)
    code, text, _ = command(city, "check", str(bad), "--extract", HOUSEHOLD)
    assert code == 1
    assert "R-COL-01" in text
    assert not city.root.archive.exists()


def test_overrides_need_a_reason_and_a_delivery(city: City) -> None:
    city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 10)), "a_20180228.csv")
    refused = city.deliver(INSTITUTION, csv_bytes(INSTITUTION, rows(INSTITUTION, 5)))
    code, told, _ = command(city, "delivery", "list", "--json")
    assert (code, [d["is_active"] for d in told]) == (0, [True, False])
    assert command(city, "delivery", "accept", refused.receipt_id)[0] == 2
    look = f"refused: {INSTITUTION}, R-ENV-02, tongchuan delivery show {refused.receipt_id}"
    code, told, _ = command(city, "status", "--json")
    assert (code, [t for t in told["attention"] if t.startswith("refused")]) == (1, [look])
    code, told, _ = command(
        city,
        "delivery",
        "accept",
        refused.receipt_id,
        "--reason",
        "机构撤并",
        "--by",
        "测试",
        "--json",
    )
    assert (code, told["status"], told["accepted"]) == (0, "accepted", 5)
    code, told, _ = command(city, "delivery", "show", refused.receipt_id, "--json")
    assert [(o["kind"], o["by"], o["reason"]) for o in told["overrides"]] == [
        ("accept", "测试", "机构撤并")
    ]
    _, told, _ = command(city, "status", "--json")
    assert not [t for t in told["attention"] if t.startswith("refused")]
    withdraw = ("delivery", "withdraw", refused.receipt_id, "--reason", "错误")
    assert [command(city, *withdraw)[0] for _ in range(2)] == [0, 2]
    assert command(city, "delivery", "show", "nothing", "--json")[1]["exit_code"] == 2


def test_receipts_say_where_they_lie(city: City) -> None:
    record = city.deliver(HOUSEHOLD, csv_bytes(HOUSEHOLD, rows(HOUSEHOLD, 1)))
    _, told, _ = command(city, "receipts", "--json")
    assert [Path(r["folder"]) for r in told] == [city.receipt_folder(record)]
    assert command(city, "receipts", "--provider", "tax", "--json")[1] == []
    assert command(city, "receipts", "--since", "2018-04-02", "--json")[1] == []
