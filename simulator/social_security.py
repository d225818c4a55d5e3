"""What the social-security office holds: employers, enrolments, contributions, pensions paid.

Planted: pensions paid to the dead (one of them recovered later), dead who stay enrolled, people in
the employees' and the residents' pension at once, and in one scheme twice; employers whom the
register has closed. Beside them what looks alike and is none: the payment of the month of death, an
enrolment that ended with it, a residents' pension that ended before the employees' began.
Every table has random streams of its own, so that no other book changes.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator.arrays import Ints, ints, numbered
from simulator.employers import EMPLOYER, OF_EMPLOYER, in_arrears, list_employers
from simulator.randomness import sample, stream
from simulator.town import Town
from simulator.truth_people import people_at

INSURED = "social_security/insured_person"
CONTRIBUTION = "social_security/contribution"
BENEFIT = "social_security/benefit_payment"
_EMPLOYEES, _RESIDENTS, _PENSIONERS = 0.10, 0.05, 0.05
_LEAVERS, _DOUBLE, _TWICE, _DEAD, _STILL_ENROLLED = 6, 4, 3, 5, 4
_MONTHS, _NEXT_MONTH = ("201712", "201801", "201802"), "201803"
# canonical code → how the contributions are written by the office's old system
_OLD_CODES = {"110": "11", "310": "31"}


def social_nights(nights: int) -> list[int]:
    """Contributions and payments come on the first night and, for one month more, on the third."""
    return [night for night in (1, 3) if night <= nights]


def insure(town: Town) -> None:
    """Write the four books; the town keeps what was planted for the truth."""
    office = _Office(town)
    office.first_day()
    office.second_night()
    office.third_night()


class _Office:
    """The office's registers while they are being made."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.known = people_at(town, 1).filter(pl.col("resident_id").is_not_null())
        self.employers = list_employers(town)
        self.enrolments = pl.DataFrame()

    def first_day(self) -> None:
        """Everything that stands before the first night."""
        town, rng = self.town, stream(self.town.seed, "insured")
        rows = self.employers.with_columns(
            operation=pl.lit("I"), updated_at=_moment(town, rng, self.employers.height, 1)
        )
        town.books.add(EMPLOYER, rows, night=1)
        alive = self.known.filter(~pl.col("is_deceased"), "is_administrative_resident")
        age = (pl.lit(town.start) - pl.col("birth_date")).dt.total_days() // 365
        workers = _some(rng, alive.filter(age.is_between(22, 54)), town.rate(_EMPLOYEES, 60))
        others = alive.filter(
            age.is_between(22, 59), ~pl.col("pid").is_in(workers["pid"].implode())
        )
        residents = _some(rng, others, town.rate(_RESIDENTS, 40))
        place = ints(rng.integers(0, self.employers.height, workers.height))
        self.workers = pl.concat(
            [workers, self.employers[place].select(OF_EMPLOYER)], how="horizontal"
        )
        began = pl.Series(
            [f"{2008 + n}{1 + n % 12:02d}" for n in rng.integers(0, 9, workers.height)]
        )
        self.workers = self.workers.with_columns(start_month=began)
        for kind in ("110", "310", "210"):
            self.enrol(1, self.workers, kind)
        self.residents = residents.with_columns(start_month=pl.lit("201201"))
        for kind in ("150", "390"):
            self.enrol(1, self.residents, kind)
        self._plant()
        self._contribute(1, _MONTHS)
        self._pay(rng, alive.filter(age >= 62))

    def _plant(self) -> None:
        """Double pensions, and those who only look like it."""
        double = self.workers[:_DOUBLE]
        self.enrol(1, double.with_columns(start_month=pl.lit("201101")), "150", planted="both")
        left = self.workers[_DOUBLE : _DOUBLE + _LEAVERS]
        self.enrol(
            1, left.with_columns(start_month=pl.lit("200701"), end_month=pl.lit("200712")), "150",
            status="3",
        )  # fmt: skip
        twice = self.workers[_DOUBLE + _LEAVERS : _DOUBLE + _LEAVERS + _TWICE]
        other = self.employers.tail(1).select(OF_EMPLOYER)
        again = twice.drop(OF_EMPLOYER).join(other, how="cross")
        self.enrol(1, again.with_columns(start_month=pl.lit("201701")), "110", planted="twice")

    def second_night(self) -> None:
        """Newly enrolled, and one employer who closes its account."""
        rng = stream(self.town.seed, "insured", 2)
        alive = self.known.filter(~pl.col("is_deceased"), "is_administrative_resident")
        taken = self.enrolments["_pid"].unique().implode()
        free = alive.filter(~pl.col("pid").is_in(taken), pl.col("birth_date").dt.year() < 1995)
        joined = _some(rng, free, 8).with_columns(start_month=pl.lit(_NEXT_MONTH))
        self.enrol(2, joined, "150")
        gone = self.employers.tail(1).with_columns(
            operation=pl.lit("U"), employer_status=pl.lit("暂停"),
            updated_at=_moment(self.town, rng, 1, 2),
        )  # fmt: skip
        self.town.books.add(EMPLOYER, gone, night=2)

    def third_night(self) -> None:
        """One month more; a double pension is mended, a payment recovered, arrears come in."""
        town, rng = self.town, stream(self.town.seed, "insured", 3)
        mended = self.enrolments.filter(pl.col("planted") == "both").head(1).with_columns(
            end_month=pl.lit("200712"), start_month=pl.lit("200701"),
            enrolment_status_code=pl.lit("3"), operation=pl.lit("U"), planted=pl.lit("mended"),
            updated_at=_moment(town, rng, 1, 3), since=pl.lit(3, dtype=pl.Int64),
        )  # fmt: skip
        town.books.add(INSURED, mended, night=3)
        self.enrolments = pl.concat([self.enrolments, mended])
        self._contribute(3, (_NEXT_MONTH,))
        self._settle()
        self._pay_on(3, self.pensioners, (_NEXT_MONTH,))
        self._recover()

    def enrol(
        self, night: int, people: pl.DataFrame, kind: str, *, status: str = "1", planted: str = ""
    ) -> None:
        """Add enrolments of people (with `start_month`, perhaps employer and `end_month`)."""
        town, size = self.town, people.height
        running = town.next_numbers(INSURED, size)
        rng = stream(town.seed, "insured-times", night, int(running[0]))
        told = people.select(
            pl.col("pid").alias("_pid"), "name", "resident_id", "start_month",
            *(c if c in people.columns else pl.lit(None, dtype=pl.String).alias(c)
              for c in (*OF_EMPLOYER, "end_month")),
            person_no=pl.lit("GR") + pl.col("pid").cast(pl.String).str.zfill(8),
            enrolment_no=numbered("CB", running, 9),
            insurance_type_code=pl.lit(kind),
            enrolment_status_code=pl.lit(status),
            division_code=pl.col("registered_division_code").str.slice(0, 6).fill_null("610202"),
            operation=pl.lit("I"),
            updated_at=_moment(town, rng, size, night),
            planted=pl.lit(planted),
            since=pl.lit(night, dtype=pl.Int64),
        )  # fmt: skip
        town.books.add(INSURED, told, night=night)
        self.enrolments = pl.concat([self.enrolments, told], how="diagonal")

    def _contribute(self, night: int, months: tuple[str, ...]) -> None:
        """What is due of every employee for pension and medical care; some have not paid."""
        town = self.town
        rows = self.enrolments.filter(
            pl.col("insurance_type_code").is_in(list(_OLD_CODES)), pl.col("planted") == "",
            pl.col("since") == 1,
        ).join(pl.DataFrame({"due_month": months}), how="cross")  # fmt: skip
        running = town.next_numbers(CONTRIBUTION, rows.height)
        base = 2800 + 50 * (rows["_pid"] % 60)
        late = rows["employer_no"].is_in(in_arrears(self.employers).implode())
        owing = late & (rows["due_month"] == _MONTHS[-1])
        self._write_contributions(
            night,
            rows.with_columns(
                payment_no=numbered("JF", running, 10),
                covered_month="due_month",
                contribution_base=base.cast(pl.String) + ".00",
                employer_due=(base * 20 // 100).cast(pl.String) + ".00",
                personal_due=(base * 8 // 100).cast(pl.String) + ".00",
                received=pl.select(
                    pl.when(owing).then(pl.lit("0")).otherwise(pl.lit("1"))
                ).to_series(),
                received_month=pl.select(
                    pl.when(owing).then(None).otherwise(rows["due_month"])
                ).to_series(),
            ),
        )

    def _write_contributions(self, night: int, rows: pl.DataFrame) -> None:
        told = rows.with_columns(pl.col("insurance_type_code").replace(_OLD_CODES))
        self.town.books.add(CONTRIBUTION, told, night=night)
        if night == 1:
            self.contributions = rows

    def _settle(self) -> None:
        """One employer pays in March what it owed for February: back payments."""
        owed = self.contributions.filter(
            pl.col("received") == "0",
            pl.col("employer_no") == in_arrears(self.employers).first(),
        )
        running = self.town.next_numbers(CONTRIBUTION, owed.height)
        self._write_contributions(
            3,
            owed.with_columns(
                payment_no=numbered("JF", running, 10),
                due_month=pl.lit(_NEXT_MONTH),
                received=pl.lit("1"),
                received_month=pl.lit(_NEXT_MONTH),
            ),
        )

    def _pay(self, rng: np.random.Generator, old: pl.DataFrame) -> None:
        """Pensions of the living, of the dead until they died, and of some dead for too long."""
        living = _some(rng, old, self.town.rate(_PENSIONERS, 40))
        dead = self.known.filter("is_deceased", pl.col("death_date") < pl.date(2018, 1, 1))
        paid_on = _some(rng, dead.filter(pl.col("death_date") > pl.date(2015, 1, 1)), _DEAD)
        stopped = self.known.filter("is_deceased", pl.col("death_date") >= pl.date(2018, 1, 1))
        self.pensioners = living
        self._pay_on(1, pl.concat([living, paid_on]), _MONTHS)
        for month in _MONTHS:  # until the month of death: not after it
            last = pl.col("death_date").dt.strftime("%Y%m") >= month
            self._pay_on(1, stopped.filter(last), (month,))
        self.first_dead = paid_on.head(1)
        began = pl.lit("201201").alias("start_month")
        others = dead.filter(~pl.col("pid").is_in(paid_on["pid"].implode()))
        still = pl.concat([paid_on.head(_STILL_ENROLLED), others.head(_STILL_ENROLLED)])
        self.enrol(1, still.with_columns(began), "390", planted="dead")
        last_month = pl.col("death_date").dt.strftime("%Y%m").alias("end_month")
        self.enrol(1, paid_on.tail(-_STILL_ENROLLED).with_columns(began, last_month), "390",
                   status="3")  # fmt: skip

    def _pay_on(self, night: int, people: pl.DataFrame, months: tuple[str, ...]) -> None:
        rows = people.join(pl.DataFrame({"paid_month": months}), how="cross")
        amount = (1200 + 10 * (rows["pid"] % 90)).cast(pl.String) + ".50"
        self._write_payments(
            night, rows.with_columns(amount=amount, transaction_kind=pl.lit("正常发放"))
        )

    def _recover(self) -> None:
        """What one dead person was paid comes back, month by month."""
        rows = self.first_dead.join(pl.DataFrame({"paid_month": _MONTHS}), how="cross")
        amount = "-" + (1200 + 10 * (rows["pid"] % 90)).cast(pl.String) + ".50"
        self._write_payments(3, rows.with_columns(amount=amount, transaction_kind=pl.lit("追回")))

    def _write_payments(self, night: int, rows: pl.DataFrame) -> None:
        running: Ints = self.town.next_numbers(BENEFIT, rows.height)
        told = rows.with_columns(
            _pid="pid", payment_no=numbered("FF", running, 10), insurance_type_code=pl.lit("110"),
            benefit_item=pl.lit("基本养老金"),
            division_code=pl.col("registered_division_code").str.slice(0, 6).fill_null("610202"),
        )  # fmt: skip
        self.town.books.add(BENEFIT, told, night=night)


def _some(rng: np.random.Generator, people: pl.DataFrame, size: int) -> pl.DataFrame:
    return people[sample(rng, ints(np.arange(people.height)), size)]


def _moment(town: Town, rng: np.random.Generator, size: int, night: int) -> pl.Series:
    return town.times(rng, np.full(size, night))
