"""Taxpayers as the tax office knows them: weekly increments under three forms of number."""

from __future__ import annotations

import numpy as np
import polars as pl

from simulator import numbers
from simulator.arrays import Ints, dates
from simulator.firms import ENTERPRISE
from simulator.randomness import choose, sample, stream
from simulator.town import Town

TAX = "legal_entity/tax_registration"
FIRST_TAX_ONLY = 30_000_000
_OFFICES = {"610200": "铜川市国家税务局直属税务分局", "610202": "铜川市王益区国家税务局",
            "610203": "铜川市印台区国家税务局", "610204": "铜川市耀州区国家税务局",
            "610222": "宜君县国家税务局"}  # fmt: skip
_RATINGS = ["A", "B", "B", "B", "M", "M", "C", "D", ""]


def tax_nights(nights: int) -> list[int]:
    """Nights on which the weekly tax increments are delivered: 1, 3, 10, 17 and so on."""
    return [night for night in range(1, nights + 1) if night == 1 or night % 7 == 3]


def taxpayers(town: Town, institutions: pl.DataFrame) -> None:
    """Write the tax office's increments from the registers as they stand on each night."""
    last, done = 0, pl.DataFrame(schema={"_eid": pl.Int64})
    for night in tax_nights(town.books.nights):
        rng = stream(town.seed, "tax", night)
        rows = _firms(town, rng, last, night)
        if night == 1:
            others = [_institutions(rng, institutions), _from_elsewhere(town, rng)]
            rows = pl.concat([rows, *others], how="diagonal")
        else:
            _changes(town, rng, night, last, done)
        rows = rows.with_columns(
            operation=pl.lit("I"), updated_at=town.times(rng, np.full(rows.height, night))
        )
        town.books.add(TAX, rows.sort("updated_at", "taxpayer_id"), night=night)
        done, last = pl.concat([done, rows], how="diagonal"), night


def _firms(town: Town, rng: np.random.Generator, last: int, night: int) -> pl.DataFrame:
    """Firms registered since the last increment, most of them."""
    book = town.books.table(ENTERPRISE)
    new = book.filter(
        pl.col("operation") == "I", pl.col("_night") > last, pl.col("_night") <= night
    ).sort("_eid")
    size = new.height
    codes = pl.concat(town.organisation_codes)["organisation_code"]
    old_form = pl.col("division_code") + codes.gather(new["_eid"])
    tail = pl.Series(rng.integers(1, 100, size)).cast(pl.String).str.zfill(2)
    # Self-employed without a code are known by their owner's number and two digits.
    own_form = pl.col("legal_representative_id") + tail
    before = pl.col("established_date") < pl.date(2015, 10, 1)
    seldom = pl.Series(rng.random(size) < 0.12)
    odd = pl.Series(rng.random(size))
    state = pl.col("registration_status_code")
    status = (
        pl.when((state == "3") & (odd >= 0.04)).then(pl.lit("注销"))
        .when(state == "3").then(pl.lit("正常"))
        .when(state == "2").then(pl.lit("非正常"))
        .when(odd < 0.05).then(pl.lit("非正常")).otherwise(pl.lit("正常"))
    )  # fmt: skip
    rows = new.with_columns(
        taxpayer_id=pl.when(pl.col("uscc").is_null())
        .then(own_form)
        .when(before & seldom)
        .then(old_form)
        .otherwise("uscc"),
        taxpayer_name=pl.col("name"),
        registered_date=pl.col("established_date"),
        tax_office_name=pl.col("division_code").replace_strict(_OFFICES),
        taxpayer_status=status,
        tax_credit_rating=choose(rng, _RATINGS, size),
        is_known=pl.Series(rng.random(size) < 0.84),
    )
    known = rows.filter("is_known", pl.col("taxpayer_id").str.len_chars().is_in([15, 18, 20]))
    return known.unique("taxpayer_id", keep="first", maintain_order=True).drop("is_known")


def _institutions(rng: np.random.Generator, institutions: pl.DataFrame) -> pl.DataFrame:
    size = institutions.height
    return institutions.with_columns(
        taxpayer_id=pl.col("uscc"),
        taxpayer_name=pl.col("name"),
        registered_date=pl.col("established_date"),
        tax_office_name=pl.col("division_code").replace_strict(_OFFICES),
        taxpayer_status=pl.lit("正常"),
        tax_credit_rating=pl.lit(None, dtype=pl.String),
    ).filter(pl.Series(rng.random(size) < 0.5))


def _from_elsewhere(town: Town, rng: np.random.Generator) -> pl.DataFrame:
    """Taxpayers that no register of the city holds, such as branches of firms of Xi'an."""
    size = max(5, town.count // 2000)
    index: Ints = np.arange(FIRST_TAX_ONLY, FIRST_TAX_ONLY + size)
    body = numbers.organisation_bodies(index, np.zeros(size, dtype=np.bool_))
    prefix = pl.Series(["91"] * size, dtype=pl.String)
    code = numbers.usccs(prefix, np.full(size, 610100), numbers.organisation_codes(body))
    pids = rng.integers(0, town.residents, size)
    serial = pl.Series(index % 10_000 + 1).cast(pl.String)
    return pl.DataFrame(
        {
            "_eid": index,
            "taxpayer_id": code,
            "taxpayer_name": "西安建工集团第" + serial + "工程分公司",
            "legal_representative_name": town.text_of(pids, "name"),
            "registered_date": dates(town.day_before(1, rng.integers(30, 3000, size))),
            "tax_office_name": choose(rng, list(_OFFICES.values()), size),
            "taxpayer_status": pl.Series(["正常"] * size, dtype=pl.String),
            "tax_credit_rating": choose(rng, _RATINGS, size),
        }
    )


def _changes(
    town: Town, rng: np.random.Generator, night: int, last: int, done: pl.DataFrame
) -> None:
    """Firms closed since the last increment, new ratings, and rows entered by mistake."""
    book = town.books.table(ENTERPRISE)
    closed = book.filter(
        pl.col("registration_status_code") == "3", pl.col("operation") == "U",
        pl.col("_night") > last, pl.col("_night") <= night,
    )["_eid"]  # fmt: skip
    ended = done.filter(pl.col("_eid").is_in(closed.to_list())).with_columns(
        taxpayer_status=pl.lit("注销")
    )
    rest = done.filter(~pl.col("_eid").is_in(closed.to_list())).unique(
        "_eid", keep="none", maintain_order=True
    )
    chosen = sample(rng, np.arange(rest.height), town.rate(0.0002, 5))
    rated = rest[chosen[1:]].with_columns(tax_credit_rating=pl.lit("A"))
    wrong = rest[chosen[:1]].select("taxpayer_id", "_eid")
    for rows, operation in ((ended, "U"), (rated, "U"), (wrong, "D")):
        told = rows.with_columns(
            operation=pl.lit(operation),
            updated_at=town.times(rng, np.full(rows.height, night)),
        )
        town.books.add(TAX, told, night=night)
