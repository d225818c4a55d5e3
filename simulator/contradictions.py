"""Contradictions between records that are each in order: what only objections can find.

Written on the first night about residents to whom nothing else happens. The other kinds come by
themselves: a death that the police have not heard of, a representative who dies, a cremation whose
certificate never comes. What is found of all of them is `truth_objections`'.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator.arrays import Bools, Ints, dates, ints, numbered
from simulator.firms import Firms
from simulator.permits import permit_rows
from simulator.randomness import stream
from simulator.town import CREMATION, DEATH, PERMIT, Town
from simulator.weddings import marriage_rows

_PARLOUR, _HOSPITAL = "铜川市殡仪馆", "铜川市人民医院"
# In a smaller city one date of death before the birth would hold `population.person` (the gate
# tolerates a share), and the city would show nothing else.
_FEWEST_FOR_DATES = 2_000


def contradict(town: Town, firms: Firms) -> None:
    """Plant them, once the books of the first day are written."""
    rng = stream(town.seed, "contradictions")
    rows = np.arange(town.residents)
    alone = ~town.has_wedding & ~town.is_elsewhere & (town.kin.spouse < 0)
    single = alone & np.isin(town.marital, ["10", "40"])
    born = (np.datetime64(town.start) - town.birth).astype(np.int64)

    def some(sex: int, low: float, high: float, size: int, pool: Bools = alone) -> Ints:
        aged = (born > low * 366) & (born < high * 365)
        return town.take(rng, rows[pool & (town.sex == sex) & aged], size)

    men, women = some(1, 28, 50, 3, single), some(2, 24, 50, 4, single)
    _wed(town, rng, men[:2], women[:2], 400)
    _wed(town, rng, men[:2], women[2:], 90)  # the first marriages have not ended
    for wife in some(2, 19.2, 21, 1, single):
        _wed(town, rng, men[2:], ints([wife]), int(born[wife]) - 19 * 366)
    groom = some(1, 45, 95, 1, single)
    _certify(town, groom, 60)
    _wed(town, rng, groom, some(2, 40, 95, 1, single), 20)  # after his death
    dead = some(1, 60, 95, 2)
    _certify(town, dead[:1], 10)
    _cremate(town, dead[:1], 30)  # before it
    _cremate(town, dead[1:], 70)  # and no certificate
    if town.count >= _FEWEST_FOR_DATES:
        for child in some(1, 5, 13, 1):
            _cremate(town, ints([child]), int(born[child]) + 9)
    _permits_at_home(town, rng, some(1, 20, 50, 2))
    heads = _representatives(town, firms)
    _certify(town, town.take(rng, heads[alone[heads]], 2), 40)


def _wed(town: Town, rng: np.random.Generator, men: Ints, women: Ints, back: int) -> None:
    """Marriages so many days before the first night, as far as there are couples."""
    size = min(len(men), len(women))
    day = town.day_before(1, np.full(size, back))
    kind = pl.Series(["结婚"] * size, dtype=pl.String)
    marriage_rows(town, rng, 1, men[:size], women[:size], day=day, kind=kind)
    town.has_wedding[np.concatenate([men, women])] = True


def _certify(town: Town, pids: Ints, back: int) -> None:
    """Certificates of a death so many days ago."""
    died = dates(town.day_before(1, np.full(len(pids), back)))
    rows = town.people[pids]
    frame = rows.select(
        "resident_id",
        "name",
        "birth_date",
        certificate_no=numbered("D6102", town.next_numbers(DEATH, len(pids)), 8),
        sex_code=pl.col("sex").cast(pl.String),
        death_date=died,
        residence_division_code=pl.col("registered_division_code").str.head(6),
        underlying_cause_code=pl.lit("R54"),
        institution_name=pl.lit(_HOSPITAL),
        issued_date=died,
        certificate_status=pl.lit("有效"),
        _pid=pl.col("pid"),
    )
    town.books.add(DEATH, frame, night=1)


def _cremate(town: Town, pids: Ints, back: int) -> None:
    """Cremations so many days ago, two days after the death."""
    burnt = town.day_before(1, np.full(len(pids), back))
    frame = town.people[pids].select(
        "resident_id",
        "name",
        cremation_no=numbered("HH2018", town.next_numbers(CREMATION, len(pids)), 7),
        id_type=pl.lit("居民身份证"),
        sex_code=pl.col("sex").cast(pl.String),
        death_date=dates(burnt - np.timedelta64(2, "D")),
        cremated_date=dates(burnt),
        institution_name=pl.lit(_PARLOUR),
        _pid=pl.col("pid"),
    )
    town.books.add(CREMATION, frame, night=1)


def _permits_at_home(town: Town, rng: np.random.Generator, pids: Ints) -> None:
    """Permits for the very place of the household."""
    back = rng.integers(9, 90, len(pids))
    rows = permit_rows(town, rng, pids, town.day_before(1, back), 1)
    rows = rows.with_columns(
        residence_address=town.text_of(pids, "registered_address"),
        residence_division_code=town.text_of(pids, "registered_division_code").str.head(9),
    )
    town.books.add(PERMIT, rows, night=1)
    town.is_elsewhere[pids] = True


def _representatives(town: Town, firms: Firms) -> Ints:
    """Residents whom a firm in operation names by number."""
    named = firms.table.filter(pl.col("registration_status_code") == "1")
    numbers = named["legal_representative_id"].drop_nulls().implode()
    known = town.people.filter(pl.col("resident_id").is_in(numbers))
    return ints(known.filter(pl.col("pid") < town.residents)["pid"].to_numpy())
