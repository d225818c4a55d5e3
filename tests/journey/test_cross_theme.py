"""Contradictions between the themes: found all and nothing else, each sent to a department."""

from __future__ import annotations

import polars as pl
import pytest

from simulator.truth import load_cross_theme
from tests.journey.city import NIGHTS

pytestmark = pytest.mark.journey
KEY = ["rule_id", "record_key"]


def _product(city, name: str, number: int) -> pl.DataFrame:
    path = city.root.published / "releases" / str(number) / f"{name}.parquet"
    return pl.read_parquet(path)


@pytest.mark.parametrize("night", range(1, NIGHTS + 1))
def test_contradictions_between_themes_are_found_and_nothing_else(three_nights, night):
    city, _ = three_nights
    truth = load_cross_theme(city.root, night)
    made = _product(city, "cross_theme.objection", night)
    assert made.join(truth, on=KEY, how="anti").is_empty()
    sure = truth.filter("is_fully_delivered")
    assert set(sure["rule_id"]) == {"R-XT-01", "R-XT-02", "R-XT-03"}
    assert sure.join(made, on=KEY, how="anti").is_empty()


def test_findings_are_the_objections_that_departments_read(three_nights):
    city, _ = three_nights
    findings = _product(city, "cross_theme.finding", NIGHTS)
    assert findings["objection_id"].is_unique().all()
    assert set(findings["domain"]) >= {"population", "e_licence", "social_security", "cross_theme"}
    open_ = city.json("objections", "list")
    assert set(findings["objection_id"]) <= {one["objection_id"] for one in open_}
