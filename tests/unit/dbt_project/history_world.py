"""Small random histories of two people, and what they mean, worked out in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.unit.dbt_project.dbt_world import MAN, WOMAN

REGISTER, PERMIT = "population__household_registration", "population__residence_permit"
WEDDING, DEATH = "population__marriage_registration", "population__death_certificate"
# Record, its table and key column, and whose it is.
RECORDS = {
    "P1": (REGISTER, "person_no", {"本人": MAN}),
    "P2": (REGISTER, "person_no", {"本人": WOMAN}),
    "P3": (REGISTER, "person_no", {"本人": MAN}),  # registered twice
    "R1": (PERMIT, "registration_no", {"本人": MAN}),
    "R2": (PERMIT, "registration_no", {"本人": MAN}),
    "M1": (WEDDING, "registration_no", {"男方": MAN, "女方": WOMAN}),
    "M2": (WEDDING, "registration_no", {"男方": MAN, "女方": WOMAN}),
    "D1": (DEATH, "certificate_no", {"本人": MAN}),
}
DAYS = [date(2018, 3, 1) + timedelta(n) for n in range(10)]
NAMES = ["甲", "乙", "丙"]


@dataclass(frozen=True)
class Told:
    """One row of one delivery. `arrival` and `gone` count days of April: when it came and went."""

    record: str
    day: date
    moment: date
    operation: str
    line: int
    arrival: int
    gone: int | None
    values: dict[str, Any] = field(hash=False)

    def row(self) -> dict[str, Any]:
        """The raw row."""
        table, key, owners = RECORDS[self.record]
        told = {
            key: self.record, "line": self.line, "business_date": self.day, "provider": "x",
            "delivery_id": f"d{self.line:03}", "list_id": f"d{self.line:03}",
            "delivery_order": f"d{self.line:03}", "known_at": known(self.arrival), **self.values,
        }  # fmt: skip
        if table in (REGISTER, PERMIT):
            told |= {"updated_at": _noon(self.moment), "operation": self.operation}
        if self.operation != "D":
            told |= {_number(role): number for role, number in owners.items()}
        if table == WEDDING:
            told |= {"husband_id_type": "居民身份证", "wife_id_type": "居民身份证"}
        return told if self.gone is None else told | {"known_until": known(self.gone)}


def known(count: int) -> datetime:
    """The moment a delivery came or went."""
    return datetime(2018, 4, 1, 8) + timedelta(days=count)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)


def _number(role: str) -> str:
    return {"本人": "resident_id", "男方": "husband_resident_id", "女方": "wife_resident_id"}[role]


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Up to ten rows; late and early ones, deletions, and deliveries that were taken back."""
    told = []
    for line in range(1, draw(st.integers(1, 10)) + 1):
        record = draw(st.sampled_from(sorted(RECORDS)))
        table = RECORDS[record][0]
        day, moment, event = (draw(st.sampled_from(DAYS)) for _ in range(3))
        operation = draw(st.sampled_from("IUUD")) if table in (REGISTER, PERMIT) else "I"
        arrival = draw(st.integers(0, 6))
        gone = draw(st.sampled_from([None, None, None, arrival + 1, arrival + 3]))
        name = draw(st.sampled_from(NAMES))
        values: dict[str, Any] = {}
        if table == REGISTER and operation != "D":
            values = {
                "name": name,
                "registration_status": draw(st.sampled_from(["正常", "迁出"])),
                "status_date": draw(st.sampled_from([None, event])),
                "marital_status_code": draw(st.sampled_from([None, "10", "30"])),
            }
        elif table == PERMIT and operation != "D":
            values = {
                "name": name,
                "residence_address": name + "路",
                "registered_date": event,
                "status": draw(st.sampled_from(["有效", "有效", "注销"])),
                "valid_to": draw(st.sampled_from([None, *DAYS])),
            }
        elif table == WEDDING:
            kind = draw(st.sampled_from(["结婚", "离婚"]))
            values = {"husband_name": name, "wife_name": name + "氏", "registration_type": kind,
                      "registered_date": event}  # fmt: skip
        elif table == DEATH:
            status = draw(st.sampled_from(["有效", "作废"]))
            values = {"name": name, "death_date": event, "issued_date": event,
                      "certificate_status": status}  # fmt: skip
        told.append(Told(record, day, moment, operation, line, arrival, gone, values))
    return told


def believed(history: Iterable[Told], valid_on: date, known_on: datetime) -> set[tuple[str, ...]]:
    """(number, attribute, value) as of a day, as known at a moment."""
    history = list(history)
    named = {
        number
        for t in history
        if t.gone is None and t.operation != "D"
        for number in RECORDS[t.record][2].values()
    }
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for record, (_, _, owners) in RECORDS.items():
        versions = sorted(
            (
                t
                for t in history
                if t.record == record
                and known(t.arrival) <= known_on
                and (t.gone is None or known(t.gone) > known_on)
            ),
            key=_order,
        )
        for role, number in owners.items():
            if number in named:
                for attribute in ("name", "registration_status", "residence_address",
                                  "marital_status_code", "is_deceased"):  # fmt: skip
                    for said in _said(versions, role, attribute, valid_on):
                        found.setdefault((number, attribute), []).append(said)
    return {(*key, min(said)[-1]) for key, said in found.items()}


def _order(told: Told) -> tuple[Any, ...]:
    changes = RECORDS[told.record][0] in (REGISTER, PERMIT)
    return (told.day, told.moment if changes else told.day, told.line)


def _said(versions: list[Told], role: str, attribute: str, valid_on: date) -> list[tuple[Any, ...]]:
    """What the newest version that had begun says: (level, not preferred, order, …, value)."""
    if versions and RECORDS[versions[0].record][0] in (WEDDING, DEATH):
        versions = versions[-1:]
    said, event_before = None, None
    for told in versions:
        event = _event(told, attribute)
        stated = min(_order(told)[1], told.day)
        begins = event or stated
        if event is not None and event == event_before:
            begins = max(stated, event)
        event_before = event
        if begins <= valid_on:
            said = told
    return [] if said is None or said.operation == "D" else _value(said, role, attribute, valid_on)


def _event(told: Told, attribute: str) -> date | None:
    """The event date, none after the delivery's own day."""
    table = RECORDS[told.record][0]
    if told.operation == "D":
        return None
    if table == REGISTER:
        event = told.moment
        if attribute == "registration_status" and told.values["status_date"]:
            event = told.values["status_date"]
    else:
        name = "death_date" if table == DEATH else "registered_date"
        event = told.values[name]
    return min(event, told.day)


def _value(  # noqa: C901, PLR0911 - the matrix written out, one branch for each source
    told: Told, role: str, attribute: str, valid_on: date
) -> list[tuple[Any, ...]]:
    table, values = RECORDS[told.record][0], told.values
    late = -_order(told)[1].toordinal()
    event = -values["registered_date"].toordinal() if "registered_date" in values else 0
    end = (late, told.record)
    if table == REGISTER:
        usual = values["registration_status"] != "正常"
        if attribute in ("name", "registration_status"):
            return [(1, usual, late, 1, *end, values[attribute])]
        if attribute == "marital_status_code" and values[attribute] == "30":
            return [(1, False, late, 1, *end, "30")]
        if attribute == "marital_status_code" and values[attribute]:
            return [(2, usual, late, 3, *end, values[attribute])]
    elif table == PERMIT:
        if attribute == "name":
            return [(2, values["status"] != "有效", late, 2, *end, values["name"])]
        stands = values["status"] == "有效" and (
            values["valid_to"] is None or valid_on <= values["valid_to"]
        )
        if attribute == "residence_address" and stands:
            return [(1, False, event, 1, *end, values["residence_address"])]
    elif table == WEDDING:
        if attribute == "name":
            side = "husband_name" if role == "男方" else "wife_name"
            return [(3, False, late, 3, *end, values[side])]
        if attribute == "marital_status_code":
            code = "20" if values["registration_type"] == "结婚" else "40"
            return [(1, False, event, 2, *end, code)]
    elif attribute == "name":
        return [(5, values["certificate_status"] == "作废", late, 5, *end, values["name"])]
    elif attribute == "is_deceased" and values["certificate_status"] != "作废":
        return [(1, False, 0, 1, *end, "true")]
    return []
