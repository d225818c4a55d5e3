"""Firms, self-employed and co-operatives: the first day's register and every night's changes."""

from __future__ import annotations

import numpy as np
import polars as pl

from catalog import catalog
from simulator import numbers, places
from simulator.arrays import Bools, Days, Ints, dates, ints, moments, numbered, text
from simulator.randomness import choose, sample, stream, weighted
from simulator.town import Town

ENTERPRISE = "legal_entity/enterprise_registration"
_REFORM = np.datetime64("2015-10-01")
# type code, weight, USCC prefix, form of the name
_KINDS = [
    ("9500", 62, "92", "店"), ("1130", 14, "91", "有限责任公司"),
    ("1151", 8, "91", "有限公司"), ("1110", 1, "91", "有限责任公司"),
    ("1190", 2, "91", "有限公司"), ("2130", 3, "91", "分公司"),
    ("4530", 1, "91", "合伙企业(普通合伙)"), ("4540", 3, "91", "厂"),
    ("9100", 6, "93", "专业合作社"),
]  # fmt: skip
_BRANDS = "盛华金源鑫德福瑞宏达永兴顺昌恒泰祥隆嘉诚信远东方中天秦岭同官耀州"
_TRADES = {
    "商贸": "5211", "建材": "5285", "陶瓷": "3071", "煤炭": "0610", "餐饮": "6210", "百货": "5211",
    "果业": "0151", "养殖": "0313", "运输": "5430", "广告": "7251", "装饰": "5011", "水泥": "3011",
    "农业科技": "7511", "汽车维修": "8111", "中药材": "0171", "劳务": "7263",
}  # fmt: skip
_SCOPES = [
    "日用百货、五金交电的销售", "建筑材料,装饰材料的批发、零售", "餐饮服务;预包装食品零售",
    "普通货物道路运输(凭许可证经营)", "果树种植,果品购销", "煤炭销售", "室内外装饰工程",
]  # fmt: skip
_OFFICES = {610200: "铜川市工商行政管理局", 610202: "铜川市工商行政管理局王益分局",
            610203: "铜川市工商行政管理局印台分局", 610204: "铜川市工商行政管理局耀州分局",
            610222: "宜君县工商行政管理局"}  # fmt: skip


class Firms:
    """The market register while it is being made. `table` has one row for each entity."""

    def __init__(self, town: Town) -> None:
        """Found the firms of the first day."""
        self.town = town
        self.free = np.ones(0, dtype=np.bool_)
        self.table = pl.DataFrame()
        rng = stream(town.seed, "firms")
        size = max(60, town.count // 22)
        back = (rng.gamma(1.3, 1500, size)).astype(np.int64).clip(3, 9_500)
        self._found(rng, size, town.day_before(1, back))
        self._first_rows(rng)

    def _found(self, rng: np.random.Generator, size: int, since: Days) -> pl.DataFrame:
        """Append entities founded on the days given."""
        first = self.table.height
        kind = weighted(rng, [float(k[1]) for k in _KINDS], size)
        place = places.addresses(rng, places.villages().draw(rng, size))
        county = ints(place["county"].to_numpy())
        authority = ints(np.where(rng.random(size) < 0.58, places.CITY, county))
        index = np.arange(first, first + size)
        codes = self._codes(rng, index, kind, authority, since)
        trade = rng.integers(0, len(_TRADES), size)
        rows = pl.DataFrame(
            {
                "_eid": index,
                "entity_no": numbered("610200", index + 1, 10),
                **codes,
                "name": _names(rng, place, kind, trade),
                "entity_type_code": _from(_KINDS, 0, kind),
                **_representatives(self.town, rng, size),
                **_capital(rng, kind),
                "established_date": dates(since),
                "business_term_from": dates(since),
                "business_scope": choose(rng, _SCOPES, size),
                "industry_code": _industry(rng, trade),
                "address": place["address"],
                "division_code": place["division_code"].str.head(6),
                "registry_name": pl.Series(authority).replace_strict(
                    _OFFICES, return_dtype=pl.String
                ),
                "registration_status_code": pl.Series(["1"] * size, dtype=pl.String),
                "approved_date": dates(since),
            }
        )
        self.table = pl.concat([self.table, rows]) if first else rows
        self.free = np.concatenate([self.free, np.ones(size, dtype=np.bool_)])
        return rows

    def _codes(
        self, rng: np.random.Generator, index: Ints, kind: Ints, authority: Ints, since: Days
    ) -> dict[str, pl.Series]:
        """USCC and registration number by age: one, the other or both."""
        size, is_new = len(index), since >= _REFORM
        organisation = numbers.organisation_codes(numbers.organisation_bodies(index, is_new))
        uscc = numbers.usccs(_from(_KINDS, 2, kind), authority, organisation)
        own = kind == 0
        without: Bools = ~is_new & own & (rng.random(size) < 0.3)
        first_digit = np.where(own, 6 + rng.integers(0, 4, size), rng.integers(0, 2, size))
        number = numbers.registration_numbers(authority, first_digit, 100_000 + index)
        self.town.organisation_codes.append(
            pl.DataFrame({"_eid": index, "organisation_code": text(organisation), "full": uscc})
        )
        return {
            "uscc": uscc.set(pl.Series(without), None),
            "registration_no": number.set(pl.Series(is_new), None),
        }

    def _first_rows(self, rng: np.random.Generator) -> None:
        size, table = self.table.height, self.table
        status = np.asarray(["1", "3", "2", "4", "9"])[weighted(rng, [80, 11, 6, 2, 1], size)]
        since = table["established_date"].to_numpy()
        alive = (np.datetime64(self.town.start) - since).astype(np.int64)
        closed = since + (alive * rng.random(size)).astype(np.int64).astype("timedelta64[D]")
        shut = np.isin(status, ["2", "3"])
        closed_date = dates(np.where(shut, closed, np.datetime64("NaT")).astype("datetime64[D]"))
        last = np.where(shut, closed, since)
        long = rng.random(size)
        self.table = table.with_columns(
            registration_status_code=pl.Series(status),
            closed_date=closed_date,
            updated_at=moments(last, rng.integers(30_000, 60_000, size)),
            operation=pl.lit("I"),
            business_term_to=pl.when(pl.Series(long < 0.3))
            .then(pl.col("established_date") + pl.duration(days=7305))
            .otherwise(pl.when(pl.Series(long < 0.6)).then(pl.date(9999, 9, 9)).otherwise(None)),
        )
        self.free = ~shut
        self.town.books.add(ENTERPRISE, self.table.sort("updated_at", "_eid"), night=1)

    def _take(self, rng: np.random.Generator, pool: Bools, share: float, least: int) -> Ints:
        size = max(least, round(self.table.height * share))
        chosen = sample(rng, np.flatnonzero(pool & self.free), size)
        self.free[chosen] = False
        return chosen

    def _update(
        self, rng: np.random.Generator, night: int, chosen: Ints, **changes: pl.Series | pl.Expr
    ) -> None:
        rows = self.table[chosen].with_columns(operation=pl.lit("U"), **changes)
        rows = rows.with_columns(updated_at=self.town.times(rng, np.full(len(chosen), night)))
        self.town.books.add(ENTERPRISE, rows, night=night)

    def live(self, night: int) -> None:
        """One night: foundations, changes, revocations, closures, codes given to old ones."""
        rng = stream(self.town.seed, "firms-night", night)
        today = pl.lit(self.town.books.day(night))
        size = max(3, round(self.table.height * 0.0012))
        since = self.town.day_before(night, rng.integers(0, 3, size))
        new = self._found_tonight(rng, night, size, since)
        standing = (self.table["registration_status_code"] == "1").to_numpy() & (
            np.arange(self.table.height) < self.table.height - new
        )
        has_code = self.table["uscc"].is_not_null().to_numpy()
        moved = self._take(rng, standing, 0.0012, 3)
        place = places.addresses(rng, places.villages().draw(rng, len(moved)))
        self._update(rng, night, moved, address=place["address"], approved_date=today,
                     division_code=place["division_code"].str.head(6))  # fmt: skip
        people = self._take(rng, standing & has_code, 0.0006, 2)
        told = _representatives(self.town, rng, len(people))
        self._update(rng, night, people, approved_date=today, **told)
        for status, share in (("3", 0.0006), ("2", 0.0003)):
            shut = self._take(rng, standing, share, 2)
            self._update(rng, night, shut, registration_status_code=pl.lit(status),
                         closed_date=today, approved_date=today)  # fmt: skip
        coded = self._take(rng, standing & ~has_code, 0.0006, 2)
        full = pl.concat(self.town.organisation_codes)["full"].gather(coded)
        self._update(rng, night, coded, uscc=full, approved_date=today)

    def _found_tonight(self, rng: np.random.Generator, night: int, size: int, since: Days) -> int:
        first = self.table.height
        held = self.table
        self.table = held.select(pl.exclude("closed_date", "updated_at", "operation",
                                            "business_term_to"))  # fmt: skip
        rows = self._found(rng, size, since)
        rows = rows.with_columns(
            operation=pl.lit("I"), updated_at=self.town.times(rng, np.full(size, night))
        )
        self.table = pl.concat([held, rows], how="diagonal")
        self.free[first:] = False
        self.town.books.add(ENTERPRISE, rows, night=night)
        return size


def _from(rows: list[tuple[str, int, str, str]], place: int, index: Ints) -> pl.Series:
    return pl.Series([str(row[place]) for row in rows], dtype=pl.String).gather(index)


def _industry(rng: np.random.Generator, trade: Ints) -> pl.Series:
    known = catalog().code_list("industry").codes
    codes = [code if code in known else None for code in _TRADES.values()]
    found = pl.Series(codes, dtype=pl.String).gather(trade)
    return found.set(pl.Series(rng.random(len(trade)) < 0.05), None)


def _names(rng: np.random.Generator, place: pl.DataFrame, kind: Ints, trade: Ints) -> pl.Series:
    size = len(kind)
    frame = pl.DataFrame(
        {
            "where": place["address"].str.slice(6, 2),
            "a": choose(rng, list(_BRANDS), size),
            "b": choose(rng, list(_BRANDS), size),
            "c": choose(rng, list(_BRANDS), size),
            "trade": pl.Series(list(_TRADES)).gather(trade),
            "form": _from(_KINDS, 3, kind),
        }
    )
    city = pl.when(pl.Series(rng.random(size) < 0.5)).then(pl.lit("铜川市"))
    head = city.otherwise(pl.lit("铜川") + pl.col("where"))
    return frame.select(pl.concat_str(head, "a", "b", "c", "trade", "form").alias("n"))["n"]


def _representatives(town: Town, rng: np.random.Generator, size: int) -> dict[str, pl.Series]:
    """A resident of working age, mostly with a number; a few foreigners with a passport."""
    adults = np.flatnonzero((town.age >= 22) & (town.age <= 64))
    pids = adults[rng.integers(0, len(adults), size)]
    draw = rng.random(size)
    number = town.text_of(pids, "resident_id").set(pl.Series(draw < 0.12), None)
    number = number.set(pl.Series(draw > 0.99), "G56034821")
    kind = choose(rng, ["居民身份证", "居民身份证", ""], size).set(pl.Series(draw > 0.99), "护照")
    return {
        "legal_representative_name": town.text_of(pids, "name"),
        "legal_representative_id_type": kind,
        "legal_representative_id": number,
    }


def _capital(rng: np.random.Generator, kind: Ints) -> dict[str, pl.Series]:
    """Ten thousand yuan for companies; yuan, or nobody knows, for self-employed and co-ops."""
    size = len(kind)
    small = np.isin(kind, [0, 8])
    amounts = np.asarray([3, 10, 50, 100, 200, 500, 1000, 5000])[rng.integers(0, 8, size)]
    yuan = rng.integers(1, 60, size) * np.where(kind == 8, 50_000, 1_000)
    told = pl.Series(np.where(small, yuan, amounts)).cast(pl.String)
    decimals = pl.Series(rng.random(size) < 0.2)
    told = pl.DataFrame({"t": told, "d": decimals}).select(
        pl.when("d").then(pl.col("t") + pl.lit(".00")).otherwise("t").alias("t")
    )["t"]
    draw = rng.random(size)
    unit = np.select([small & (draw < 0.7), small, draw < 0.6], ["元", "", "万元"], "")
    money = np.select([draw > 0.99, draw > 0.6, draw > 0.5], ["美元", "人民币", "CNY"], "人民币")
    return {
        "registered_capital": told.set(pl.Series((kind == 5) | (rng.random(size) < 0.05)), None),
        "capital_unit": pl.Series(unit),
        "currency": pl.Series(np.where(small, "人民币", money)),
    }
