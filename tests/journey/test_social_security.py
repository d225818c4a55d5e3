"""Planted payments after death and double pensions: found all, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from simulator.truth import (
    load_conflicting_enrolments,
    load_enrolments_after_death,
    load_payments_after_death,
)
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey


def _product(city, name: str, number: int) -> pl.DataFrame:
    path = city.root.published / "releases" / str(number) / f"{name}.parquet"
    return pl.read_parquet(path)


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_payments_after_death_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = load_payments_after_death(city.root, night)
    made = _product(city, "social_security.payment_after_death", night)
    assert made.join(truth, on="payment_no", how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert sure.height >= 6
    found = sure.join(made, on="payment_no", suffix="_found")
    assert found.height == sure.height
    assert (found["is_recovered"] == found["is_recovered_found"]).all()
    objections = _product(city, "social_security.objection", night)
    told = objections.filter(
        pl.col("rule_id") == "R-POP-01", pl.col("extract") == "social_security/benefit_payment"
    )
    open_ = made.filter(~pl.col("is_recovered"))
    assert sorted(told["record_key"]) == sorted(open_["payment_no"])


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_enrolments_after_death_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = load_enrolments_after_death(city.root, night)
    made = _product(city, "social_security.objection", night).filter(
        pl.col("rule_id") == "R-POP-01", pl.col("extract") == "social_security/insured_person"
    )
    assert set(made["record_key"]) <= set(truth["enrolment_no"])
    sure = truth.filter("is_fully_delivered")
    assert sure.height >= 2
    assert set(sure["enrolment_no"]) <= set(made["record_key"])


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_double_pensions_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    pair = ["enrolment_no", "other_enrolment_no"]
    truth = load_conflicting_enrolments(city.root, night)
    made = _product(city, "social_security.conflicting_enrolment", night)
    assert made.join(truth, on=pair, how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert sure.height >= 3
    assert sure.join(made, on=pair).height == sure.height
    assert set(made["conflict_kind"]) == {"职工与居民养老保险同时参保", "养老保险重复参保"}


def test_employers_of_the_register_are_its_entities_and_arrears_are_told(three_nights):
    city, _ = three_nights
    employers = _product(city, "social_security.employer", NIGHTS)
    assert set(employers["link_status"]) >= {"已关联", "法人库中没有"}
    first = _product(city, "social_security.contribution_by_employer", 1)
    last = _product(city, "social_security.contribution_by_employer", NIGHTS)
    owing = first.filter(pl.col("arrears_cny") > 0)["employer_no"].n_unique()
    still = last.filter(pl.col("arrears_cny") > 0)["employer_no"].n_unique()
    assert owing == 2  # and one of them paid in the third night
    assert still in (1, 2)  # a damaged row of its settlement leaves some of it open
    assert last["arrears_cny"].sum() < first["arrears_cny"].sum()
    by_entity = _product(city, "social_security.contribution_by_entity", NIGHTS)
    known = last.filter(pl.col("entity_id").is_not_null())
    assert by_entity["due_cny"].sum() == known["due_cny"].sum() > 0


def test_coverage_is_of_residents(three_nights):
    city, _ = three_nights
    covered = _product(city, "social_security.coverage_by_division", NIGHTS)
    persons = _product(city, "population.person", NIGHTS)
    assert (covered["enrolled"] <= covered["residents_of_age"]).all()
    month = covered.filter(
        pl.col("month") == pl.date(2018, 3, 1), pl.col("insurance_type_code") == "390"
    )
    residents = persons.filter("is_administrative_resident", ~pl.col("is_deceased")).height
    assert 0 < month["enrolled"].sum() < month["residents_of_age"].sum() <= residents
