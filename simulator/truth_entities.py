"""The entities as the warehouse should tell them, from clean books."""

from __future__ import annotations

import polars as pl

from catalog import catalog
from simulator.bodies import PUBLIC, SOCIAL
from simulator.firms import ENTERPRISE
from simulator.taxpayers import TAX
from simulator.town import Town
from simulator.truth_people import newest

_YUAN = ("人民币", "CNY", "")
_NOT_LEGAL_PERSONS = ("9500", "2130", "4530", "4540")
_STATUS = {"正常": "1", "注销": "3", "撤销": "5"}
_COLUMNS = [
    "entity", "uscc", "registration_no", "name", "entity_kind", "entity_type_code",
    "is_legal_person", "legal_representative_name", "registered_capital_cny", "industry_code",
    "address", "division_code", "registration_status_code", "established_date", "closed_date",
    "is_listed",
]  # fmt: skip


def _money(amount: pl.Expr, factor: int) -> pl.Expr:
    return (amount.cast(pl.Decimal(18, 2), strict=False) * factor).cast(pl.Decimal(20, 2))


def _firms(town: Town, night: int) -> pl.DataFrame:
    book = town.books.table(ENTERPRISE).filter(pl.col("_night") <= night)
    kind = pl.col("entity_type_code")
    small = kind.is_in(["9500", "9100"])
    unit, amount = pl.col("capital_unit"), pl.col("registered_capital")
    in_wan = (unit == "万元") | ((unit == "") & ~small)
    foreign = ~pl.col("currency").is_in(_YUAN)
    capital = pl.when(foreign).then(None).when(in_wan).then(_money(amount, 10_000))
    return (
        newest(book, "entity_no")
        .with_columns(
            entity=pl.col("_eid"),
            entity_kind=pl.when(kind == "9500")
            .then(pl.lit("个体工商户"))
            .when(kind == "9100")
            .then(pl.lit("农民专业合作社"))
            .otherwise(pl.lit("企业")),
            is_legal_person=~kind.is_in(_NOT_LEGAL_PERSONS),
            registered_capital_cny=capital.when(unit == "元").then(_money(amount, 1)),
            is_listed=pl.lit(None, dtype=pl.Boolean),
        )
        .select(_COLUMNS)
    )


def _listed(town: Town, night: int, extract: str, kind: str, funds: str) -> pl.DataFrame:
    """Everything that ever stood in a full list, with what the newest list said of it."""
    book = town.books.table(extract).filter(pl.col("_night") <= night)
    if extract == SOCIAL:
        book = book.with_columns(certificate_from=pl.lit(None, dtype=pl.Date))
    last = book["_night"].max()
    rows = book.sort("_night", maintain_order=True).unique("uscc", keep="last", maintain_order=True)
    nothing = pl.lit(None, dtype=pl.String)
    return rows.with_columns(
        entity=pl.col("_eid"),
        registration_no=nothing,
        entity_kind=pl.col(kind),
        entity_type_code=nothing,
        is_legal_person=pl.lit(True),
        registered_capital_cny=_money(pl.col(funds), 10_000),
        industry_code=nothing,
        registration_status_code=pl.col("status").replace_strict(_STATUS),
        closed_date=pl.lit(None, dtype=pl.Date),
        is_listed=pl.col("_night") == last,
    ).select(_COLUMNS)


def _taxpayers(town: Town, night: int) -> pl.DataFrame:
    """Taxpayers with a number that names an entity (20 characters name a person)."""
    book = town.books.table(TAX).filter(pl.col("_night") <= night)
    rows = newest(book, "taxpayer_id").filter(pl.col("taxpayer_id").str.len_chars() < 20)
    return rows.select(
        entity="_eid",
        tax_uscc=pl.when(pl.col("taxpayer_id").str.len_chars() == 18).then("taxpayer_id"),
        tax_name="taxpayer_name",
        tax_representative="legal_representative_name",
        taxpayer_status="taxpayer_status",
        tax_credit_rating="tax_credit_rating",
    )


def entities_at(town: Town, night: int) -> pl.DataFrame:
    """Every entity known at the end of a night, with `entity` as the town's own key."""
    registered = pl.concat(
        [
            _firms(town, night),
            _listed(town, night, PUBLIC, "institution_kind", "initial_funds"),
            _listed(town, night, SOCIAL, "organisation_kind", "registered_funds"),
        ]
    )
    sections = {r["code"]: r["section"] for r in catalog().code_list("industry").rows}
    table = registered.join(_taxpayers(town, night), on="entity", how="full", coalesce=True)
    table = table.with_columns(
        uscc=pl.coalesce("uscc", "tax_uscc"),
        name=pl.coalesce("name", "tax_name"),
        entity_kind=pl.col("entity_kind").fill_null("其他"),
        legal_representative_name=pl.coalesce("legal_representative_name", "tax_representative"),
        industry_section=pl.col("industry_code").replace_strict(
            sections, default=None, return_dtype=pl.String
        ),
    ).with_columns(organisation_code=pl.col("uscc").str.slice(8, 9))
    texts = pl.col(pl.String)
    told = table.select(
        *_COLUMNS[:2], "organisation_code", *_COLUMNS[2:10], "industry_section", *_COLUMNS[10:],
        "taxpayer_status", "tax_credit_rating",
    )  # fmt: skip
    return told.with_columns(pl.when(texts != "").then(texts).name.keep()).sort("entity")
