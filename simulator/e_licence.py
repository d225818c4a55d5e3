"""Electronic licences of the town's people and firms, as the e-government office lists them.

Most agree with the registers; some do not, as in life: licences of the dead and of closed firms
stay in force, an old one is not cancelled when a second is issued, a period ends and nobody says
so.
Who is meant stands in `_pid`, `_pid2` (the second holder) and `_eid`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog import catalog
from simulator import numbers
from simulator.arrays import Days, Ints, dates, ints, numbered
from simulator.e_licence_numbers import licence_identifiers
from simulator.firms import ENTERPRISE
from simulator.randomness import sample, stream
from simulator.town import BIRTH, DEATH, MARRIAGE, Town

LICENCE = "e_licence/licence"
DRIVING, BUSINESS, FOOD, ESTATE = "机动车驾驶证", "营业执照", "食品经营许可证", "不动产权证书"
WEDDING, NEWBORN = "结婚证", "出生医学证明"
# type → issuer, years (0: long term), letters before the licence's own number
_TYPES = {
    DRIVING: ("铜川市公安局交通警察支队", 6, "JZ"), BUSINESS: ("铜川市行政审批服务局", 0, "YZ"),
    FOOD: ("铜川市行政审批服务局", 5, "JY"), ESTATE: ("铜川市不动产登记局", 0, "BD"),
    WEDDING: ("铜川市民政局", 0, "JH"), NEWBORN: ("铜川市妇幼保健院", 0, "CS"),
}  # fmt: skip
_HOLDER = {"holder_name": pl.String, "holder_code": pl.String, "holder_code_type": pl.String,
           "_pid": pl.Int64, "_pid2": pl.Int64, "_eid": pl.Int64}  # fmt: skip
_SHUT = ["2", "3"]


def licences(town: Town) -> None:
    """Write the office's increments of every night, from the books as they stand on it."""
    office = Office(town)
    office.first_day()
    for night in range(2, town.books.nights + 1):
        office.live(night)


class Office:
    """The list of licences while it is being made. `held` are those that may change."""

    def __init__(self, town: Town) -> None:
        """Know the types of the catalogue and the issuers' codes."""
        self.town = town
        entries = catalog().code_list("licence_type").entries
        self.codes = {entry.name: entry.code for entry in entries}
        names = sorted({issuer for issuer, _, _ in _TYPES.values()})
        index = np.arange(90_000_000, 90_000_000 + len(names))
        body = numbers.organisation_bodies(index, np.zeros(len(names), dtype=np.bool_))
        prefix = pl.Series(["11"] * len(names), dtype=pl.String)
        codes = numbers.usccs(prefix, np.full(len(names), 610200), numbers.organisation_codes(body))
        self.issuers = dict(zip(names, codes.to_list(), strict=True))
        self.held = pl.DataFrame()

    def persons(self, pids: Ints, second: Ints | None = None) -> pl.DataFrame:
        """Holders who are people, two of them where `second` is given."""
        name, number = (self.town.text_of(pids, c) for c in ("name", "resident_id"))
        if second is not None:
            name = name + "^" + self.town.text_of(second, "name")
            number = number + "^" + self.town.text_of(second, "resident_id")
        told = {"holder_name": name, "holder_code": number, "_pid": pids}
        told["_pid2"] = np.full(len(pids), -1) if second is None else second
        frame = pl.DataFrame(told).with_columns(holder_code_type=pl.lit("111"), _eid=pl.lit(-1))
        return _as_holders(frame)

    def firms(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Holders who are firms, from rows of the market register."""
        frame = rows.select(
            "_eid", holder_name="name", holder_code="uscc", holder_code_type=pl.lit("001"),
            _pid=pl.lit(-1), _pid2=pl.lit(-1),
        )  # fmt: skip
        return _as_holders(frame)

    def issue(
        self, night: int, kind: str, holders: pl.DataFrame, issued: Days,
        *, status: pl.Series | str = "01", replaces: pl.DataFrame | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Add licences of one type; of a type with a period they end after its years."""
        town, size = self.town, holders.height
        issuer, years, letters = _TYPES[kind]
        running = town.next_numbers(LICENCE, size)
        code = pl.Series([self.codes[kind]] * size, dtype=pl.String)
        uscc = pl.Series([self.issuers[issuer]] * size, dtype=pl.String)
        version = np.ones(size, dtype=np.int64)
        ends = dates(issued + np.timedelta64(years * 365, "D"))
        endless = pl.Series(running % 3)
        long = (
            pl.when(endless == 0).then(None)
            .when(endless == 1).then(pl.date(2099, 12, 31)).otherwise(pl.date(9999, 12, 31))
        )  # fmt: skip
        rng = stream(town.seed, "licence-times", night, int(running[0]) if size else 0)
        written = town.times(rng, np.full(size, night))
        first = dates(issued).cast(pl.Datetime("us")) + pl.duration(hours=10)
        rows = holders.with_columns(
            licence_identifier=licence_identifiers(code, uscc, running, version),
            licence_name=pl.lit(kind),
            licence_type_code=code,
            licence_no=numbered(f"{letters}610200", running, 8),
            issuer_name=pl.lit(issuer),
            issuer_uscc=uscc,
            issued_date=dates(issued),
            valid_from=dates(issued).set(pl.Series(running % 5 == 0), None),
            valid_to=ends if years else long,
            status_code=status if isinstance(status, pl.Series) else pl.lit(status),
            previous_identifier=pl.lit(None, dtype=pl.String)
            if replaces is None
            else replaces["licence_identifier"],
            updated_at=first if night == 1 else written,
            operation=pl.lit("I"),
        )
        town.books.add(LICENCE, rows, night=night)
        self.held = pl.concat([self.held, rows], how="diagonal")
        return rows

    def update(self, night: int, rows: pl.DataFrame, operation: str = "U", **changes: str) -> None:
        """Tell licences anew, or delete them; they do not change again."""
        turn = int(self.town.next_numbers("licence-update", 1)[0])
        rng = stream(self.town.seed, "licence-update", night, turn)
        told = rows.with_columns(
            operation=pl.lit(operation),
            updated_at=self.town.times(rng, np.full(rows.height, night)),
            **{name: pl.lit(value) for name, value in changes.items()},
        )
        if operation == "D":
            told = told.select("licence_identifier", "updated_at", "operation", "_pid", "_eid")
        self.town.books.add(LICENCE, told, night=night)
        gone = rows["licence_identifier"].implode()
        self.held = self.held.filter(~pl.col("licence_identifier").is_in(gone))

    def first_day(self) -> None:
        """The whole list as it stands before the first night."""
        town = self.town
        rng = stream(town.seed, "licences")
        adults = np.flatnonzero((town.age >= 20) & (town.age <= 75))
        drivers = sample(rng, adults, town.rate(0.03, 40))
        issued = town.day_before(1, rng.integers(20, 2600, len(drivers)))
        is_over = issued + np.timedelta64(6 * 365, "D") < np.datetime64(town.start)
        issued[:2] = town.day_before(1, ints([6 * 365] * 2))  # their last day is the first night
        said = is_over & (np.cumsum(is_over) % 3 > 0)
        status = pl.Series(
            np.where(said, "05", np.where(rng.random(len(drivers)) < 0.03, "02", "01"))
        )
        self.issue(1, DRIVING, self.persons(drivers), issued, status=status)
        # a second one issued while the first is in force; a renewal that names what it replaces
        again = town.day_before(1, ints([15] * 4))
        self.issue(1, DRIVING, self.persons(drivers[:4]), again)
        self._renew(1, self._of(DRIVING).filter(pl.col("status_code") == "01")[4:10], 12)
        self._circle()
        self._firms_of_first_day(rng)
        self._families(rng)
        dead = self._dead(1)[:6]
        self.issue(1, DRIVING, self.persons(dead), town.day_before(1, ints([900] * len(dead))))

    def _of(self, kind: str) -> pl.DataFrame:
        return self.held.filter(pl.col("licence_name") == kind)

    def _dead(self, night: int) -> Ints:
        """People whose death certificate was written on a night."""
        book = self.town.books.table(DEATH).filter(
            pl.col("_night") == night, pl.col("certificate_status") != "作废"
        )
        return ints(book["_pid"].unique().sort().to_numpy())

    def _renew(self, night: int, old: pl.DataFrame, days: int) -> None:
        if old.is_empty():
            return
        issued = self.town.day_before(night, ints([days] * old.height))
        holders = old.select(list(_HOLDER))
        self.issue(night, str(old["licence_name"][0]), holders, issued, replaces=old)
        if night > 1:
            self.update(night, old, status_code="05")

    def _circle(self) -> None:
        """Two certificates of which each says that it replaces the other."""
        town = self.town
        rng = stream(town.seed, "licence-circle")
        pid = sample(rng, np.flatnonzero((town.age >= 30) & (town.age <= 60)), 1)
        old = self.issue(1, ESTATE, self.persons(pid), town.day_before(1, ints([800])))
        new = self.issue(1, ESTATE, self.persons(pid), town.day_before(1, ints([90])), replaces=old)
        turned = old.with_columns(
            previous_identifier=new["licence_identifier"], operation=pl.lit("U"),
            updated_at=new["updated_at"],
        )  # fmt: skip
        town.books.add(LICENCE, turned, night=1)

    def _firms_of_first_day(self, rng: np.random.Generator) -> None:
        book = self.town.books.table(ENTERPRISE)
        rows = book.filter(pl.col("_night") == 1, pl.col("uscc").is_not_null()).sort("_eid")
        known = rows.filter(pl.Series(rng.random(rows.height) < 0.7))
        shut = known["registration_status_code"].is_in(_SHUT)
        forgotten = pl.Series(rng.random(known.height) < 0.2)
        status = pl.select(pl.when(shut & ~forgotten).then(pl.lit("04")).otherwise(pl.lit("01")))
        self.issue(1, BUSINESS, self.firms(known), known["established_date"].to_numpy(),
                   status=status.to_series())  # fmt: skip
        sellers = known.filter(~shut)[: self.town.rate(0.004, 12)]
        back = rng.integers(30, 1700, sellers.height)
        since = np.maximum(self.town.day_before(1, back), sellers["established_date"].to_numpy())
        self.issue(1, FOOD, self.firms(sellers), since)

    def _families(self, rng: np.random.Generator) -> None:
        """Homes that a couple holds together, marriage and birth certificates."""
        town = self.town
        rows, spouse = np.arange(town.residents), town.kin.spouse
        man = sample(rng, rows[(town.sex == 1) & (spouse >= 0)], town.rate(0.01, 14))
        since = town.day_before(1, rng.integers(30, 3000, len(man)))
        self.issue(1, ESTATE, self.persons(man, spouse[man]), since)
        self._weddings(1)
        born = town.books.table(BIRTH).filter(pl.col("_night") == 1, pl.col("name").is_not_null())
        some = born[: town.rate(0.003, 8)]
        child = some.select(
            holder_name="name", holder_code="certificate_no", holder_code_type=pl.lit("999"),
            _pid=pl.lit(-1), _pid2=pl.lit(-1), _eid=pl.lit(-1),
        )  # fmt: skip
        self.issue(1, NEWBORN, _as_holders(child), some["issued_date"].to_numpy())

    def _weddings(self, night: int) -> None:
        book = self.town.books.table(MARRIAGE).filter(
            pl.col("_night") == night, pl.col("registration_type") == "结婚"
        )
        some = book[: self.town.rate(0.002, 10)]
        holders = self.persons(ints(some["_pid"].to_numpy()), ints(some["_pid2"].to_numpy()))
        self.issue(night, WEDDING, holders, some["registered_date"].to_numpy())

    def live(self, night: int) -> None:
        """One night: new firms, renewals, closures told or forgotten, the dead, a mistake."""
        town = self.town
        book = town.books.table(ENTERPRISE).filter(pl.col("_night") == night)
        new = book.filter(pl.col("operation") == "I", pl.col("uscc").is_not_null()).sort("_eid")
        self.issue(night, BUSINESS, self.firms(new), new["established_date"].to_numpy())
        shut = book.filter(pl.col("registration_status_code").is_in(_SHUT))["_eid"]
        ended = self._of(BUSINESS).filter(
            pl.col("_eid").is_in(shut.implode()), pl.col("status_code") == "01"
        )
        if ended.height:
            self.update(night, ended[::2], status_code="04")
        rng = stream(town.seed, "licence-night", night)
        drivers = self._of(DRIVING).filter(
            pl.col("status_code") == "01", pl.col("previous_identifier").is_null()
        )
        chosen = drivers[sample(rng, np.arange(drivers.height), town.rate(0.0003, 4))]
        self._renew(night, chosen[1:], 0)
        self.update(night, chosen[:1], "D")
        late = self._dead(night - 1)[:2]
        self.issue(
            night, DRIVING, self.persons(late), town.day_before(night, ints([0] * len(late)))
        )
        self._weddings(night)


def _as_holders(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select([pl.col(n).cast(t) for n, t in _HOLDER.items()])
