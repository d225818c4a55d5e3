"""Which files arrive on which night: on time, late, once more, or corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal

from simulator.bodies import PUBLIC, SOCIAL, list_nights
from simulator.environment import WATER, water_nights
from simulator.estates import PARCEL, parcel_nights
from simulator.firms import ENTERPRISE
from simulator.habits import HABITS, habit_on
from simulator.social_security import BENEFIT, CONTRIBUTION, social_nights
from simulator.statistics import BULLETIN, FISCAL, VALUES, statistics_nights
from simulator.taxpayers import TAX, tax_nights
from simulator.territory import ADDRESS, BOUNDARY, DIVISION, division_nights, first_night_only
from simulator.town import BIRTH, CREMATION, PERMIT

Kind = Literal["plain", "late", "repeated", "incomplete", "correction"]
# (extract, business night) → the night on which it arrives instead, or again.
_LATE = {(CREMATION, 1): 2}
_REPEATED = {(ENTERPRISE, 1): 2, (BIRTH, 2): 3}
# Extracts that do not come every night.
_CALENDARS: dict[str, Callable[[int], list[int]]] = {
    PUBLIC: list_nights, SOCIAL: list_nights, TAX: tax_nights, ADDRESS: tax_nights,
    CONTRIBUTION: social_nights, BENEFIT: social_nights,
    WATER: water_nights, DIVISION: division_nights,
    BOUNDARY: first_night_only, PARCEL: parcel_nights,
    **{name: partial(statistics_nights, name) for name in (BULLETIN, VALUES, FISCAL)},
}  # fmt: skip
_CORRECTED = {(PERMIT, 2): 3, (SOCIAL, 1): 2}


@dataclass(frozen=True)
class Delivery:
    """One file of one department.

    Attributes:
        business_night: the night whose rows it holds.
        arrival_night: the night on which it lies in the inbox.
        kind: `incomplete` lacks the last rows and is replaced by a later `correction` of the same
            name; `repeated` holds the same bytes as the plain one under another name.
    """

    extract: str
    business_night: int
    arrival_night: int
    kind: Kind

    @property
    def has_explicit_date(self) -> bool:
        """Whether the business date stands in the name (else in the control file)."""
        return "{date}" in HABITS[self.extract].file_name

    def business_date(self, start: date) -> date:
        """The business date."""
        return start + timedelta(days=self.business_night - 1)

    def arrival_date(self, start: date) -> date:
        """The day on whose evening it arrives."""
        return start + timedelta(days=self.arrival_night - 1)

    def file_name(self, start: date) -> str:
        """The name in the inbox."""
        _, habit = habit_on(self.extract, self.business_night)
        name = habit.name(self.business_date(start), self.business_night)
        if self.kind == "repeated":
            stem, dot, suffix = name.rpartition(".")
            return f"{stem}(1){dot}{suffix}"
        return name


def _nights_of(extract: str, nights: int) -> list[int]:
    calendar = _CALENDARS.get(extract)
    return list(range(1, nights + 1)) if calendar is None else calendar(nights)


def deliveries(nights: int) -> list[Delivery]:
    """Every file that arrives up to a night, in order of arrival."""
    found: list[Delivery] = []
    for extract in HABITS:
        for night in _nights_of(extract, nights):
            key = (extract, night)
            if key in _LATE:
                found.append(Delivery(extract, night, _LATE[key], "late"))
            elif key in _CORRECTED:
                found.append(Delivery(extract, night, night, "incomplete"))
                found.append(Delivery(extract, night, _CORRECTED[key], "correction"))
            else:
                found.append(Delivery(extract, night, night, "plain"))
            if key in _REPEATED:
                found.append(Delivery(extract, night, _REPEATED[key], "repeated"))
    due = [delivery for delivery in found if delivery.arrival_night <= nights]
    return sorted(due, key=lambda d: (d.arrival_night, d.extract, d.business_night, d.kind))
