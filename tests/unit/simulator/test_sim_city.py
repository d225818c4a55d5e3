"""The town itself: plausible people, places and firms, as the clean files tell them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from catalog import catalog
from simulator.firms import ENTERPRISE
from simulator.town import BIRTH, CREMATION, DEATH, HOUSEHOLD, MARRIAGE, PERMIT, Town
from simulator.town_nights import live
from simulator.truth_people import newest

START = date(2018, 3, 29)


@pytest.fixture(scope="module")
def town() -> Town:
    return live(3000, 5, START, 8)


def test_every_number_begins_with_a_division_that_existed(town: Town) -> None:
    known = catalog().code_list("division_history").codes
    prefixes = set(town.people["resident_id"].str.head(6).to_list())
    assert prefixes <= known
    assert {"610202", "610203", "610204", "610221", "610222"} <= prefixes
    assert len(prefixes) > 100


def test_yaozhou_was_yaoxian_until_2002(town: Town) -> None:
    born = town.people.filter(pl.col("birth_date") >= date(2002, 6, 1))["resident_id"]
    assert not born.str.starts_with("610221").any()


def test_resident_numbers_are_unique_and_agree_with_the_person(town: Town) -> None:
    people = town.people
    assert people["resident_id"].n_unique() == people.height
    assert people["pid"].to_list() == list(range(people.height))
    told = people.select(
        birth=pl.col("resident_id").str.slice(6, 8) == pl.col("birth_date").dt.strftime("%Y%m%d"),
        sex=pl.col("resident_id").str.slice(16, 1).cast(pl.Int64) % 2 == pl.col("sex") % 2,
    )
    assert told["birth"].all()
    assert told["sex"].all()


def test_division_codes_are_of_the_list(town: Town) -> None:
    known = catalog().code_list("division").codes
    rows = town.books.table(HOUSEHOLD).filter(pl.col("operation") != "D")
    assert set(rows["registered_division_code"].to_list()) <= known
    permits = town.books.table(PERMIT).filter(pl.col("operation") != "D")
    assert set(permits["residence_division_code"].to_list()) <= known


def test_households_have_one_head_and_parents_older_than_children(town: Town) -> None:
    heads = town.people[: town.residents].filter(pl.col("household_relation_code") == "02")
    assert heads["household_no"].n_unique() == heads.height
    child = [pid for pid in range(town.residents) if town.kin.mother[pid] >= 0]
    gap = town.age[town.kin.mother[child]] - town.age[child]
    assert gap.min() >= 18
    assert (town.sex[town.kin.mother[child]] == 2).all()
    assert (town.sex[town.kin.father[child]] == 1).all()
    couples = town.kin.spouse[town.kin.spouse >= 0]
    assert (town.kin.spouse[town.kin.spouse[couples]] == couples).all()


def test_the_first_night_loads_everybody_and_later_ones_only_changes(town: Town) -> None:
    rows = town.books.table(HOUSEHOLD)
    first, later = rows.filter(pl.col("_night") == 1), rows.filter(pl.col("_night") > 1)
    assert set(first["operation"].to_list()) == {"I"}
    assert set(later["operation"].to_list()) == {"I", "U", "D"}
    assert later.height < first.height // 10
    assert first["updated_at"].max().date() <= START


def test_deletions_tell_only_the_key(town: Town) -> None:
    rows = town.books.table(HOUSEHOLD).filter(pl.col("operation") == "D")
    assert rows.height > 0
    told = {"person_no", "updated_at", "operation"}
    empty = [c.name for c in catalog().extracts[HOUSEHOLD].columns if c.name not in told]
    assert rows.select(pl.col(empty).is_null().all()).row(0) == (True,) * len(empty)


def test_nobody_is_cancelled_twice_and_the_police_learn_later(town: Town) -> None:
    dead = town.books.table(DEATH).filter(pl.col("certificate_status") != "作废")
    assert dead["_pid"].n_unique() == dead.height
    later = town.books.table(HOUSEHOLD).filter(
        pl.col("_night") > 1, pl.col("registration_status") == "死亡注销"
    )
    nights = later.join(dead, on="_pid", suffix="_told")
    assert nights.height > 0
    assert (nights["_night"] > nights["_night_told"]).any()


def test_certificates_hold_their_own_order(town: Town) -> None:
    dead = town.books.table(DEATH)
    assert (dead["birth_date"] <= dead["death_date"]).all()
    assert (dead["death_date"] <= dead["issued_date"]).all()
    burnt = town.books.table(CREMATION)
    assert (burnt["death_date"] <= burnt["cremated_date"]).all()
    born = town.books.table(BIRTH)
    assert (born["born_at"].dt.date() <= born["issued_date"]).all()


def test_newborns_reach_the_police_after_the_certificate(town: Town) -> None:
    children = town.people.filter(pl.col("mother").is_not_null())["pid"]
    rows = town.books.table(HOUSEHOLD).filter(pl.col("_pid").is_in(children.implode()))
    assert rows.height > 0
    assert (rows["_night"] > 2).all()


def test_married_are_grown_up_and_of_the_right_sex(town: Town) -> None:
    rows = town.books.table(MARRIAGE)
    sex = rows.select(
        man=pl.col("husband_resident_id").str.slice(16, 1).cast(pl.Int64) % 2,
        woman=pl.col("wife_resident_id").str.slice(16, 1).cast(pl.Int64) % 2,
    )
    assert sex["man"].to_list() == [1] * rows.height
    assert sex["woman"].to_list() == [0] * rows.height


def test_firms_have_codes_that_suit_their_age(town: Town) -> None:
    rows = newest(town.books.table(ENTERPRISE), "entity_no")
    new = pl.col("established_date") >= date(2015, 10, 1)
    assert rows.filter(new)["registration_no"].null_count() == rows.filter(new).height
    assert rows.filter(~new)["registration_no"].null_count() == 0
    assert rows.filter(pl.col("uscc").is_null())["entity_type_code"].unique().to_list() == ["9500"]
    shut = rows.filter(pl.col("registration_status_code").is_in(["2", "3"]))
    assert shut["closed_date"].null_count() == 0
    assert set(rows["industry_code"].drop_nulls()) <= catalog().code_list("industry").codes


def test_self_employed_get_their_code_on_a_later_night(town: Town) -> None:
    rows = town.books.table(ENTERPRISE)
    before = rows.filter(pl.col("_night") == 1, pl.col("uscc").is_null())["_eid"]
    later = rows.filter(pl.col("_night") > 1, pl.col("_eid").is_in(before.implode()))
    assert later["uscc"].is_not_null().any()
