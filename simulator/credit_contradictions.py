"""Permits, penalties and debtors that contradict the register or themselves, planted in the books.

Each night one of each kind: a permit under another firm's code (R-CRD-10), a permit of a firm that
had been closed (R-CRD-11), a penalty whose publicity ends before its shortest period (R-CRD-13), a
penalty decided after it was delivered (R-CRD-15). One debtor bears another firm's code (R-CRD-12).
The decisions of `credit` beside them contradict nothing.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from simulator.arrays import ints
from simulator.firms import ENTERPRISE
from simulator.randomness import sample, stream
from simulator.town import Town

PERMIT_BOOK, PENALTY_BOOK = (
    "credit/administrative_permit@market_regulation",
    "credit/administrative_penalty@environment",
)
DEBTOR_RULE = "R-CRD-12"
_RULES = {PERMIT_BOOK: ("R-CRD-10", "R-CRD-11"), PENALTY_BOOK: ("R-CRD-13", "R-CRD-15")}
_PARTY = {
    "party": "name", "code": "uscc", "head": "legal_representative_name", "eid": "_eid",
}  # fmt: skip


def standing(town: Town, night: int) -> pl.DataFrame:
    """Enterprises of the first night that were not closed by another one."""
    register = town.books.table(ENTERPRISE).filter(pl.col("_night") <= night)
    closed = register.filter(pl.col("registration_status_code") != "1").select("_eid")
    return register.filter(pl.col("_night") == 1).join(closed, on="_eid", how="anti")


def contradicting(town: Town, book: str, night: int) -> pl.DataFrame:
    """Parties of a night's contradicting decisions.

    Returns:
        `party`, `code`, `head`, `eid` (whose code it is), `rule_id`; nobody where the book has none
        or the town no such firm.
    """
    rng = stream(town.seed, f"contradictions {book}", night)
    firms = standing(town, night).filter(pl.col("uscc").str.starts_with("91"))
    shut = town.books.table(ENTERPRISE).filter(
        pl.col("_night") == 1, pl.col("registration_status_code") == "3",
        pl.col("uscc").str.starts_with("91"), pl.col("closed_date") < town.books.day(1),
    )  # fmt: skip
    found = [pl.DataFrame(schema=_schema())]
    for rule in _RULES.get(book, ()):
        of = shut if rule == "R-CRD-11" else firms
        if of.height < 2:
            continue
        one, other = (of[int(n)] for n in sample(rng, ints(np.arange(of.height)), 2))
        party = one.select(**_PARTY, rule_id=pl.lit(rule))
        found.append(party.with_columns(party=other["name"]) if rule == "R-CRD-10" else party)
    return pl.concat(found)


def misnamed_debtor(town: Town) -> pl.DataFrame:
    """A firm on the court's list under the code of another: the same columns, or nobody."""
    rng = stream(town.seed, "misnamed debtor")
    firms = standing(town, 1).filter(pl.col("uscc").str.starts_with("91"))
    if firms.height < 2:
        return pl.DataFrame(schema=_schema())
    one, other = (firms[int(n)] for n in sample(rng, ints(np.arange(firms.height)), 2))
    return one.select(**_PARTY, rule_id=pl.lit(DEBTOR_RULE)).with_columns(party=other["name"])


def decided(rule: str | None, day: date, reached: date) -> date:
    """The day of a decision that is delivered on `reached`; `day` where no rule says otherwise."""
    return reached + timedelta(days=3) if rule == "R-CRD-15" else day


def public_until(rule: str | None, day: date) -> date | None:
    """The day to which a penalty of `day` is public, where the department says so."""
    return day + timedelta(days=10) if rule == "R-CRD-13" else None


def _schema() -> dict[str, pl.DataType]:
    text = dict.fromkeys(("party", "code", "head"), pl.String())
    return {**text, "eid": pl.Int64(), "rule_id": pl.String()}
