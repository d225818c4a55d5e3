"""The truth: who is known, what is true of them, and whom the departments' rows leave unclear."""

from __future__ import annotations

from datetime import date

import polars as pl

from simulator.town import CREMATION, DEATH, HOUSEHOLD, MARRIAGE
from simulator.town_nights import live
from simulator.truth import load_damage, load_entities, load_nights, load_persons
from simulator.truth_entities import entities_at
from simulator.truth_people import people_at

START = date(2018, 3, 29)


def test_everybody_is_told_once_a_night(damaged_city) -> None:
    for night in (1, 2, 3):
        people = load_persons(damaged_city.root, night)
        assert people["resident_id"].n_unique() == people.height
        assert set(people["night"]) == {night}
        entities = load_entities(damaged_city.root, night)
        assert entities["entity"].n_unique() == entities.height
    assert load_persons(damaged_city.root, 4).is_empty()


def test_the_index_tells_the_arguments(damaged_city) -> None:
    index = load_nights(damaged_city.root)
    assert index["arguments"] == {"people": 2000, "seed": 42, "start": "2018-03-29", "damage": 0.3}
    assert index["nights"] == 3
    assert sum(f["damaged_rows"] for f in index["files"]) == damaged_city.summary.damaged


def test_without_damage_only_lateness_leaves_doubt(clean_city) -> None:
    """The cremations of night 1 come a night late; two files are corrected a night later."""
    doubtful = [
        load_persons(clean_city.root, night)["is_fully_delivered"].not_().sum()
        for night in (1, 2, 3)
    ]
    assert doubtful[0] > 0
    assert doubtful[1] > 0
    assert doubtful[2] == 0
    unlisted = load_entities(clean_city.root, 1)["is_fully_delivered"].not_().sum()
    assert unlisted == 9  # 30 % of the first list of social organisations
    assert load_entities(clean_city.root, 2)["is_fully_delivered"].all()


def test_damaged_people_are_in_doubt_and_others_are_not(damaged_city, clean_city) -> None:
    damage = load_damage(damaged_city.root).filter(pl.col("extract") == HOUSEHOLD)
    harmful = damage.filter(~pl.col("is_harmless"), pl.col("night") == 1)
    people = load_persons(damaged_city.root, 1)
    clean = load_persons(clean_city.root, 1)
    assert people.drop("is_fully_delivered").equals(clean.drop("is_fully_delivered"))
    first = people.filter(pl.col("pid") < 1860).with_columns(
        person_no=pl.format("P{}", (pl.col("pid") + 1).cast(pl.String).str.zfill(10))
    )
    hit = first.join(harmful, left_on="person_no", right_on="record_key", how="semi")
    assert hit.height > 200
    assert not hit["is_fully_delivered"].any()
    assert first["is_fully_delivered"].sum() > 1000


def test_overwritten_files_are_left_out_when_all_lies_there_at_once(damaged_city) -> None:
    every, once = (load_damage(damaged_city.root, all_at_once=flag) for flag in (False, True))
    gone = every.join(once, on=every.columns, how="anti", nulls_equal=True)
    assert set(gone["kind"].to_list()) == {"incomplete"}
    assert "incomplete" not in set(once["kind"].to_list())


def test_the_truth_of_a_death_a_wedding_and_a_move() -> None:
    town = live(3000, 9, START, 3)
    people = people_at(town, 3)
    told = {row["pid"]: row for row in people.iter_rows(named=True)}
    certificates = town.books.table(DEATH).filter(pl.col("certificate_status") != "作废")
    burnt = town.books.table(CREMATION).select("_pid", burnt="death_date")
    both = certificates.join(burnt, on="_pid", how="left")
    assert both.filter(pl.col("burnt") != pl.col("death_date")).height == 1  # planted
    for row in both.iter_rows(named=True):
        assert told[row["_pid"]]["is_deceased"]
        stated = [day for day in (row["death_date"], row["burnt"]) if day is not None]
        assert told[row["_pid"]]["death_date"] == min(stated)
    weddings = town.books.table(MARRIAGE).filter(pl.col("_night") == 3)
    assert weddings.height >= 3
    for row in weddings.iter_rows(named=True):
        code = "40" if row["registration_type"].endswith("离婚") else "20"
        assert told[row["_pid"]]["marital_status_code"] == code
        assert told[row["_pid2"]]["marital_status_code"] == code
    moved = town.books.table(HOUSEHOLD).filter(
        pl.col("_night") == 3, pl.col("household_no").str.starts_with("610003")
    )
    final = moved.sort("updated_at").unique("_pid", keep="last")
    assert final.height > 0
    for row in final.iter_rows(named=True):
        assert told[row["_pid"]]["registered_address"] == row["registered_address"]


def test_two_registrations_of_one_person_tell_the_newer_address() -> None:
    town = live(3000, 9, START, 1)
    rows = town.books.table(HOUSEHOLD)
    double = rows.filter(pl.col("_pid").is_duplicated(), pl.col("registration_status") == "正常")
    assert double.height > 0
    newest = double.sort("updated_at").unique("_pid", keep="last")
    both = newest.join(people_at(town, 1), left_on="_pid", right_on="pid", suffix="_told")
    assert both.height == newest.height
    assert (both["registered_address"] == both["registered_address_told"]).all()


def test_entities_without_any_number_of_their_own_are_told_by_the_registers() -> None:
    town = live(3000, 9, START, 3)
    entities = entities_at(town, 3)
    known = entities.filter(pl.col("uscc").is_not_null() | pl.col("registration_no").is_not_null())
    assert known.height == entities.height
    gone = entities.filter(~pl.col("is_listed").fill_null(True))
    assert gone.height == 2  # one of each list dropped out on night 3
    kinds = set(entities["entity_kind"].to_list())
    assert {"企业", "个体工商户", "农民专业合作社", "机关", "事业单位", "社会团体", "其他"} <= kinds
    coop = entities.filter(pl.col("entity_type_code") == "9100")["registered_capital_cny"]
    assert coop.drop_nulls().min() >= 50_000
