"""Who is who over hand-made rows: links, ids that stay, successions; what whole chains show."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.dbt_project import dbt_world
from tests.unit.dbt_project.dbt_world import DEAD, GONE, MAN, WOMAN, Built, Row

POLICE = "population__household_registration"
PERMIT = "population__residence_permit"
NEW_NUMBER = "61020319900101003X"
_BUILD = (
    "--no-write-json", "--exclude-resource-type", "unit_test", "test",
    "--select", "+group:population", "+int_population__list_reviews",
)  # fmt: skip


def registered(day: int, line: int, person_no: str, number: str, name: str, **more: Any) -> Row:
    told = {
        "person_no": person_no, "resident_id": number, "name": name, "operation": "U",
        "registration_status": "正常", "household_no": f"H{person_no}", "sex_code": "1",
        "updated_at": f"2018-03-{day} 09:00:00", "registered_address": f"红旗街{line}号",
        "registered_division_code": "610203001",
    }  # fmt: skip
    return dbt_world._row(day, line, "public_security", **(told | more))


def permit(day: int, line: int, key: str, number: str | None, name: str, **more: Any) -> Row:
    told = {
        "registration_no": key, "resident_id": number, "name": name, "operation": "U",
        "status": "有效", "sex_code": "1", "updated_at": f"2018-03-{day} 09:00:00",
        "registered_date": f"2018-03-{day}", "residence_address": "育才路8号2单元301室",
        "residence_division_code": "610203002",
    }  # fmt: skip
    return dbt_world._row(day, line, "public_security", **(told | more))


def decision(one: str, other: str, verdict: str) -> Row:
    left, right = sorted((one, other))
    return {
        "decision_id": f"{left}{right}", "domain": "population", "left_record": left,
        "right_record": right, "verdict": verdict, "decided_by": "王",
        "decided_at": "2018-04-02 10:00:00",
    }  # fmt: skip


RUINED = '{"resident_id": "610203199202020000"}'
MASKED = '{"resident_id": "610203********0022"}'
ROWS: dict[str, list[Row]] = {
    POLICE: [
        # the police correct the number of P1; P2 takes over another number under another name
        registered(28, 2, "P1", MAN, "张建国", birth_date="1990-01-01"),
        registered(30, 2, "P1", NEW_NUMBER, "张 建国", birth_date="1990-01-01"),
        registered(28, 3, "P2", DEAD, "李卫东", birth_date="1950-03-03"),
        registered(30, 3, "P2", GONE, "赵小燕", birth_date="1960-04-04"),
        registered(29, 4, "P3", WOMAN, "慕容雪", birth_date="1992-02-02", sex_code="2",
                   registered_address="育才路8号2单元301室"),
    ],
    PERMIT: [
        # R1 had a number once, R2 is ruined by Excel, R3 hides it, R4 gets its number later
        permit(29, 2, "R1", MAN, "张建国"),
        permit(30, 2, "R1", None, "张建国"),
        permit(28, 3, "R2", None, "慕容雪", sex_code="2", as_given=RUINED),
        permit(29, 4, "R3", None, "王五六", as_given=MASKED, residence_address="南关路1号"),
        permit(28, 5, "R4", None, "欧阳清", residence_address="北关路7号", mobile="13800000000"),
    ],
    "population__marriage_registration": [
        dbt_world._row(29, 2, "civil_affairs", registration_no="M1", registration_type="结婚",
                       husband_name="张建国", husband_id_type="居民身份证",
                       husband_resident_id=MAN, wife_name="钱某", wife_id_type="居民身份证",
                       registered_date="2018-03-05"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def known(world: Path) -> Built:
    return dbt_world.build(world, "identity", ROWS, *_BUILD)


@pytest.fixture(scope="module")
def later(world: Path) -> Built:
    """The same rows in another order, and R4's number, and decisions."""
    rows = {table: made[::-1] for table, made in ROWS.items()}
    rows[PERMIT] = [*rows[PERMIT], permit(31, 6, "R4", "610203198505050058", "欧阳清")]
    rows["link_decision"] = [
        decision("population/marriage_registration|M1|男方",
                 "population/household_registration|P1|本人", "different"),
    ]  # fmt: skip
    return dbt_world.build(world, "identity_later", rows, *_BUILD)


def link(built: Built, key: str, role: str = "本人") -> tuple[Any, ...]:
    return built.one(
        "SELECT person_id, link_kind FROM population.person_link "
        f"WHERE record_key = '{key}' AND role = '{role}'"
    )


def test_a_corrected_number_is_the_same_person_everywhere(known: Built) -> None:
    person, kind = link(known, "P1")
    assert kind == "number"
    # what others said under the old number follows, and so does the permit that lost it
    assert link(known, "M1", "男方") == (person, "corrected_number")
    assert link(known, "R1") == (person, "earlier_version")
    assert known.one(
        f"SELECT resident_id, first_seen_date FROM population.person WHERE person_id = '{person}'"
    ) == (NEW_NUMBER, date(2018, 3, 28))
    assert known.rows(
        f"SELECT reason, since FROM population.person_succession WHERE new_id = '{person}'"
    ) == [("号码更正", date(2018, 3, 30))]


def test_another_person_under_a_corrected_number_is_no_correction(known: Built) -> None:
    assert known.rows(
        "SELECT old_number, refused_because FROM intermediate.int_population__correct_numbers "
        "WHERE refused_because IS NOT NULL"
    ) == [(DEAD, "姓名、出生日期均不同")]
    person, _ = link(known, "P2")
    assert known.one(f"SELECT resident_id FROM population.person WHERE person_id = '{person}'") == (
        GONE,
    )


def test_a_number_ruined_by_excel_is_found_by_likelihood(known: Built) -> None:
    person, kind = link(known, "R2")
    assert kind == "likelihood"
    assert person == link(known, "P3")[0]
    assert known.one(
        "SELECT match_probability > 0.99, model_version LIKE 'person-%' "
        "FROM population.person_link WHERE record_key = 'R2'"
    ) == (True, True)
    # it was there before the registration, so the person has the id of the record
    assert known.one(
        f"SELECT resident_id, first_seen_date FROM population.person WHERE person_id = '{person}'"
    ) == (WOMAN, date(2018, 3, 28))


def test_what_is_masked_is_never_compared(known: Built) -> None:
    assert known.one(
        "SELECT number_text FROM intermediate.int_population__list_units "
        "WHERE record_id LIKE '%|R3|%'"
    ) == (None,)
    assert link(known, "R3")[1] == "own_record"


def test_a_name_in_anothers_paper_makes_no_person(known: Built) -> None:
    assert known.rows("SELECT record_key, role, reason FROM population.unresolved_record") == [
        ("M1", "女方", "信息不足")
    ]


def test_a_person_keeps_his_id_when_his_number_comes(known: Built, later: Built) -> None:
    before, kind = link(known, "R4")
    assert kind == "own_record"
    assert link(later, "R4") == (before, "number")
    assert later.one(f"SELECT resident_id FROM population.person WHERE person_id = '{before}'") == (
        "610203198505050058",
    )


def test_a_record_that_a_person_told_apart_leaves_its_number(known: Built, later: Built) -> None:
    """The marriage under the old number is somebody else's: the correction joins nothing then."""
    person, _ = link(known, "P1")
    stayed, _ = link(later, "P1")
    left, kind = link(later, "M1", "男方")
    assert left != stayed
    assert kind == "number"
    assert person in {left, stayed}


def test_the_order_of_rows_leaves_no_trace(known: Built, later: Built) -> None:
    query = (
        "SELECT record_key, role, person_id FROM population.person_link "
        "WHERE record_key IN ('P2', 'P3', 'R2', 'R3', 'R4') ORDER BY ALL"
    )
    assert known.rows(query) == later.rows(query)


def test_every_old_id_leads_to_one_living_person(known: Built, later: Built) -> None:
    for built in (known, later):
        wrong = built.rows(
            "SELECT old_id FROM population.person_succession AS s "
            "WHERE new_id NOT IN (SELECT person_id FROM population.person) "
            "OR old_id IN (SELECT person_id FROM population.person) AND reason <> '拆分'"
        )
        assert wrong == []


_PAIRS = "intermediate.int_population__score_pairs"


def test_pairs_kept_from_the_last_build_equal_those_from_scratch(world: Path) -> None:
    """The second build finds the first one's table and scores only what is new; so it does where a
    killed build had changed one of its two tables and left a third.
    """
    warehouse = world / "warehouse.duckdb"
    fewer = ROWS | {PERMIT: [r for r in ROWS[PERMIT] if r["registration_no"] != "R2"]}
    scratch = dbt_world.build(world, "scratch", ROWS, *_BUILD)
    first = dbt_world.build(world, "first", fewer, *_BUILD)
    del first
    shutil.copyfile(world / "first.duckdb", world / "killed.duckdb")
    (world / "first.duckdb").rename(warehouse)
    again = dbt_world.build(world, "again", ROWS, *_BUILD)
    _same_links(again, scratch)
    with duckdb.connect(str(world / "killed.duckdb")) as connection:
        connection.execute(f"ATTACH '{world / 'scratch.duckdb'}' AS scratch (READ_ONLY)")
        before = connection.execute(f"SELECT count(*) FROM {_PAIRS}").fetchone()
        assert before != connection.execute(f"SELECT count(*) FROM scratch.{_PAIRS}").fetchone()
        (told,) = connection.execute(
            "SELECT comment FROM duckdb_tables() WHERE database_name = 'scratch' "
            "AND table_name = 'int_population__score_pairs_units'"
        ).fetchone() or ("",)
        connection.execute(f"CREATE OR REPLACE TABLE {_PAIRS}_units AS FROM scratch.{_PAIRS}_units")
        connection.execute(f"COMMENT ON TABLE {_PAIRS}_units IS '{told}'")
        connection.execute(f"CREATE TABLE {_PAIRS}__dbt_tmp AS FROM scratch.{_PAIRS}")
    (world / "killed.duckdb").rename(warehouse)
    _same_links(dbt_world.build(world, "after", ROWS, *_BUILD), scratch)


def _same_links(one: Built, other: Built) -> None:
    for table in ("score_pairs", "decide_links"):
        query = f"SELECT * FROM intermediate.int_population__{table} ORDER BY ALL"
        assert one.rows(query) == other.rows(query)
