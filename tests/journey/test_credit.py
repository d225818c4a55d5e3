"""Planted late disclosures, withdrawals and listings of three nights: found all, nothing else."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import polars as pl
import pytest

from simulator.truth import (
    load_credit_objections,
    load_debtor_listings,
    load_disclosures,
    load_persons,
)
from tests.journey.city import NIGHTS, START

pytestmark = pytest.mark.journey

_KIND = {"credit/administrative_permit": "行政许可", "credit/administrative_penalty": "行政处罚"}
_PUBLIC = ("public_permit", "public_penalty", "disclosure_timeliness", "late_disclosure")


def _product(city, name: str, number: int = NIGHTS) -> pl.DataFrame:
    path = city.root.published / "releases" / str(number) / f"{name}.parquet"
    return pl.read_parquet(path)


def _truth(city, number: int) -> pl.DataFrame:
    told = load_disclosures(city.root, number)
    return told.with_columns(record_kind=pl.col("extract").replace_strict(_KIND))


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_planted_late_disclosures_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = _truth(city, night)
    found = _product(city, "credit.late_disclosure", night)
    joined = found.join(truth, on=["record_kind", "document_no"], how="left", suffix="_true")
    assert joined["is_late"].all()
    assert joined["is_late"].null_count() == 0
    assert (joined["working_days"] == joined["working_days_true"]).all()
    assert (joined["provider"] == joined["provider_true"]).all()
    sure = truth.filter("is_fully_delivered")
    late = sure.filter("is_late")
    assert late.height >= 2 * night
    assert late.join(found, on=["record_kind", "document_no"], how="anti").is_empty()
    assert sure.filter(pl.col("working_days") == 7).height >= 2 * night
    counted = _product(city, "credit.disclosure_timeliness", night)
    not_counted = _product(city, "credit.objection", night).filter(pl.col("rule_id") == "R-CRD-15")
    assert counted["not_counted"].sum() == not_counted.height
    late_or_not_counted = counted["records"] - counted["within_7_working_days"]
    assert (late_or_not_counted - counted["not_counted"]).sum() == found.height


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_what_contradicts_the_register_is_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = load_credit_objections(city.root, night)
    made = _product(city, "credit.objection", night)
    key = ["rule_id", "extract", "record_key"]
    assert made.join(truth, on=key, how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert sure.join(made, on=key, how="anti").is_empty()
    if night == NIGHTS:
        assert set(sure["rule_id"]) == {f"R-CRD-{n}" for n in (10, 11, 12, 13, 15)}


def test_both_formats_are_one_table(three_nights):
    city, _ = three_nights
    for extract, kind in _KIND.items():
        made = _product(city, f"credit.{extract.partition('/')[2]}")
        truth = _truth(city, NIGHTS).filter(pl.col("record_kind") == kind)
        assert set(made["data_standard"]) == {"2015", "2018"}
        assert made.join(truth, on=["document_no", "decision_date"], how="anti").is_empty()
        sure = truth.filter("is_fully_delivered")
        both = sure.join(made, on=["document_no", "counterparty_name"], how="inner")
        assert both.height == sure.height
        assert (
            ((both["counterparty_kind"] == "自然人") == both["is_person"])
            .fill_null(~both["is_person"])
            .all()
        )
        assert (both["is_withdrawn"] == both["is_withdrawn_right"]).all()


def test_natural_persons_are_in_no_public_product(three_nights):
    city, _ = three_nights
    people = load_persons(city.root, NIGHTS)
    for name in _PUBLIC:
        made = _product(city, f"credit.{name}")
        texts = made.select(pl.col(pl.String)).to_dict(as_series=False).values()
        shown = {text for column in texts for text in column if text}
        assert not shown & set(people["resident_id"].drop_nulls())
        if name.startswith("public_"):
            assert made.height > 10
            persons = _truth(city, NIGHTS).filter("is_person")
            assert not set(made["document_no"]) & set(persons["document_no"])


def test_analysts_see_no_counterparty_by_name(three_nights):
    city, _ = three_nights
    persons = _truth(city, NIGHTS).filter("is_person")["counterparty_name"].to_list()
    with duckdb.connect(str(city.root.analysts / "marts.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'credit'"
        ).fetchall()
        assert len(tables) == 10
        for (table,) in tables:
            shown = connection.execute(f"FROM credit.{table}").pl().select(pl.col(pl.String))
            for column in shown:
                hits = column.is_in(persons).sum()
                assert hits == 0 or column.name == "legal_representative_name", table


def test_the_courts_list_has_its_history(three_nights):
    city, _ = three_nights
    made = _product(city, "credit.dishonest_judgment_debtor")
    truth = load_debtor_listings(city.root, NIGHTS).filter("is_fully_delivered")
    assert truth.height > 8
    joined = truth.join(made, on="case_no", how="inner")
    assert joined.height == truth.height
    for row in joined.iter_rows(named=True):
        assert row["listed_from"] == START + timedelta(days=row["first_night"] - 1)
        end = row["end_night"] if (row["end_night"] or NIGHTS + 1) <= NIGHTS else None
        wanted = START + timedelta(days=end - 1) if end else None
        assert row["withdrawn_date"] == wanted
        assert row["is_listed"] == (wanted is None)
    persons = made.filter(pl.col("debtor_kind") == "自然人")
    assert set(persons["link_status"]) == {"号码已脱敏"}
    assert persons["person_id"].null_count() == persons.height


def test_every_figure_of_a_profile_is_that_of_its_rows(three_nights):
    city, _ = three_nights
    profile = _product(city, "credit.entity_credit_profile")
    items = _product(city, "credit.entity_credit_item")
    assert profile.height == _product(city, "legal_entity.legal_entity").height
    penalties = _product(city, "credit.administrative_penalty")
    of_entities = penalties.filter(pl.col("entity_id").is_not_null())
    assert profile["penalties"].sum() == of_entities.height > 0
    assert profile["fines_cny"].sum() == of_entities["fine_cny"].sum() > 0
    told = items.filter(pl.col("item_kind") == "行政处罚")
    assert told.join(penalties, left_on="source_key", right_on="record_id", how="anti").is_empty()
    assert profile["is_dishonest_debtor"].sum() > 0
    assert profile["licences_in_force"].sum() > 0
