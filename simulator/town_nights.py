"""The order in which a town lives: the first day, then every night."""

from __future__ import annotations

from datetime import date

from simulator.bodies import public_institutions, social_organisations
from simulator.contradictions import contradict
from simulator.credit import decide
from simulator.e_licence import licences
from simulator.environment import measure
from simulator.estates import parcels
from simulator.firms import Firms
from simulator.permits import first_permits, permits
from simulator.police import changes, first_load, moves
from simulator.social_security import insure
from simulator.statistics import publish
from simulator.taxpayers import taxpayers
from simulator.territory import surveyed
from simulator.town import Town
from simulator.vital import deaths, newborns
from simulator.weddings import divorces, first_marriages, marriages


def live(count: int, seed: int, start: date, nights: int) -> Town:
    """A town with the books of its nights written."""
    town = Town(count, seed, start, nights)
    first_load(town)
    first_marriages(town)
    first_permits(town)
    firms = Firms(town)
    institutions = public_institutions(town)
    social_organisations(town)
    contradict(town, firms)
    for night in range(2, nights + 1):
        newborns(town, night)
        deaths(town, night)
        marriages(town, night)
        divorces(town, night)
        moves(town, night)
        changes(town, night)
        permits(town, night)
        firms.live(night)
    taxpayers(town, institutions)
    licences(town)
    surveyed(town)
    parcels(town)
    publish(town)
    measure(town)
    insure(town)
    decide(town)
    return town
