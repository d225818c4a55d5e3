"""What the marts of social security should find at the end of a night."""

from __future__ import annotations

import polars as pl

from simulator.social_security import BENEFIT, INSURED
from simulator.town import Town

_EMPLOYEES, _RESIDENTS = ["110", "120"], ["150"]


def payments_after_death_at(town: Town, night: int, people: pl.DataFrame) -> pl.DataFrame:
    """Payments of months after the month of death: `payment_no`, `_pid`, `is_recovered`."""
    paid = town.books.table(BENEFIT).filter(pl.col("_night") <= night)
    dead = people.filter("is_deceased").select(_pid="pid", death_date="death_date")
    late = paid.join(dead, on="_pid").filter(
        pl.col("paid_month") > pl.col("death_date").dt.strftime("%Y%m")
    )
    back = late.filter(pl.col("transaction_kind") == "追回").select("_pid", "paid_month")
    gave = late.filter(pl.col("transaction_kind") != "追回")
    recovered = gave.join(back, on=["_pid", "paid_month"], how="semi")["payment_no"]
    return gave.select(
        "payment_no", "_pid", is_recovered=pl.col("payment_no").is_in(recovered.implode())
    ).sort("payment_no")


def enrolments_after_death_at(town: Town, night: int, people: pl.DataFrame) -> pl.DataFrame:
    """Enrolments that go on after the month of death: `enrolment_no`, `_pid`."""
    dead = people.filter("is_deceased").select(_pid="pid", death_date="death_date")
    ended = pl.col("end_month") <= pl.col("death_date").dt.strftime("%Y%m")
    outliving = _newest_enrolments(town, night).join(dead, on="_pid").filter(
        pl.col("enrolment_status_code") == "1", ~ended.fill_null(False)
    )  # fmt: skip
    return outliving.select("enrolment_no", "_pid").sort("enrolment_no")


def conflicting_enrolments_at(town: Town, night: int) -> pl.DataFrame:
    """Pairs of enrolments that exclude each other: `enrolment_no`, `other_enrolment_no`, `_pid`."""
    newest = _newest_enrolments(town, night)
    pensions = newest.filter(pl.col("insurance_type_code").is_in([*_EMPLOYEES, *_RESIDENTS]))
    span = pensions.select(
        "enrolment_no", "_pid", first="start_month", last=pl.col("end_month").fill_null("999912"),
        is_resident=pl.col("insurance_type_code").is_in(_RESIDENTS),
    )  # fmt: skip
    pairs = span.join(span, on="_pid", suffix="_2").filter(
        pl.col("enrolment_no") < pl.col("enrolment_no_2"),
        pl.col("first") <= pl.col("last_2"), pl.col("first_2") <= pl.col("last"),
    )  # fmt: skip
    return pairs.select("enrolment_no", other_enrolment_no="enrolment_no_2", _pid="_pid").sort(
        "enrolment_no", "other_enrolment_no"
    )


def _newest_enrolments(town: Town, night: int) -> pl.DataFrame:
    rows = town.books.table(INSURED).filter(pl.col("_night") <= night)
    return rows.sort("_night", maintain_order=True).unique("enrolment_no", keep="last")
