"""One outcome for each record; people come first; a record never joins two subjects."""

from __future__ import annotations

import duckdb

from tests.unit.linkage.conftest import LI, WANG, link, profile, record, said, valid

LINKED = ("linked", "W", None)
BROTHER = {
    **WANG,
    "name": "王建军",
    "number_text": valid("61020419750308003"),
    "mobile": "13900000000",
}
POOR = {"name": "王建国", "birth_date": "1975-03-08", "division_code": "610204"}


def test_linked_new_and_insufficient(connection: duckdb.DuckDBPyConnection) -> None:
    _, found = link(
        connection,
        [
            record("a", **said(WANG)),
            record("b", name="赵小兰", birth_date="1990-05-05", address="宜君县彭镇东村4组4号"),
            record("c", name="王建国"),
            record("d", birth_date="1975-03-08", mobile="13912345678"),
        ],
        [profile("W", **WANG), profile("L", **LI)],
    )
    assert found == {
        "a": LINKED, "b": ("new", None, "b"), "c": ("insufficient", None, None),
        "d": ("insufficient", None, None),
    }  # fmt: skip


def test_two_valid_different_numbers_are_two_persons(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    number = valid("61020419750308003")
    mistyped = f"{number[:-1]}{'1' if number[-1] != '1' else '2'}"
    records = [record("a", **said(WANG, number_text=number)),
               record("b", **said(WANG, number_text=mistyped))]  # fmt: skip
    _, found = link(connection, records[:1], [profile("W", **WANG)])
    assert found == {"a": ("new", None, "a")}
    _, found = link(connection, records[1:], [profile("W", **WANG)])
    assert found == {"b": LINKED}


def test_two_alike_go_to_a_person_with_both_candidates(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    twin = {**WANG, "number_text": valid("61020419750308003")}
    decided, found = link(
        connection, [record("a", **said(WANG))], [profile("W", **WANG), profile("X", **twin)]
    )
    assert found["a"] == ("review", None, None)
    rows = connection.execute(
        f"SELECT subject_key FROM {decided.candidates} ORDER BY subject_key"
    ).fetchall()
    assert rows == [("W",), ("X",)]


def test_a_name_tells_twins_apart(connection: duckdb.DuckDBPyConnection) -> None:
    _, found = link(
        connection,
        [record("a", **said(WANG, mobile=None)), record("b", **said(BROTHER, mobile=None))],
        [profile("W", **WANG), profile("B", **BROTHER)],
    )
    assert found == {"a": LINKED, "b": ("linked", "B", None)}


def test_records_of_an_unknown_person_are_one_group(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    _, found = link(
        connection,
        [record("b", **said(WANG)), record("a", **said(WANG, sex_code=None)),
         record("c", **said(LI))],
        [],
    )  # fmt: skip
    assert found == {
        "a": ("grouped", None, "a"), "b": ("grouped", None, "a"), "c": ("new", None, "c"),
    }  # fmt: skip


def test_a_decision_is_absolute(connection: duckdb.DuckDBPyConnection) -> None:
    profiles = [profile("W", **WANG), profile("L", **LI)]
    records = [record("a", **said(WANG)), record("b", **said(LI)), record("c", name="王")]
    _, found = link(
        connection, records, profiles,
        ("a", "W", "", "different"), ("b", "W", "", "same"), ("c", "L", "", "same"),
    )  # fmt: skip
    assert found["b"] == LINKED
    assert found["c"] == ("linked", "L", None)
    assert found["a"][1] is None


def test_told_apart_from_each_other(connection: duckdb.DuckDBPyConnection) -> None:
    records = [record("a", **said(WANG)), record("b", **said(WANG, sex_code=None))]
    _, grouped = link(connection, records, [], ("a", "", "b", "different"))
    assert grouped == {"a": ("new", None, "a"), "b": ("new", None, "b")}
    _, linked = link(connection, records, [profile("W", **WANG)], ("b", "", "a", "different"))
    assert linked == {"a": ("review", None, None), "b": ("review", None, None)}


def test_told_to_be_one_follows_the_other(connection: duckdb.DuckDBPyConnection) -> None:
    records = [record("a", **said(WANG)), record("b", **said(LI))]
    _, found = link(connection, records, [profile("W", **WANG)], ("a", "", "b", "same"))
    assert found == {"a": LINKED, "b": LINKED}


def test_records_never_bridge_two_subjects(connection: duckdb.DuckDBPyConnection) -> None:
    # A person says that `between` is one with both records, which are two subjects'.
    records = [record("a", **said(WANG)), record("b", **said(LI)),
               record("between", name="周全", birth_date="1960-01-02")]  # fmt: skip
    _, found = link(
        connection, records, [profile("W", **WANG), profile("L", **LI)],
        ("a", "", "between", "same"), ("b", "", "between", "same"),
    )  # fmt: skip
    assert found["a"] == LINKED
    assert found["b"] == ("linked", "L", None)
    assert found["between"] == ("review", None, None)


def test_contradicting_decisions_go_to_a_person(connection: duckdb.DuckDBPyConnection) -> None:
    _, found = link(
        connection, [record("a", **said(WANG))], [profile("W", **WANG), profile("L", **LI)],
        ("a", "W", "", "same"), ("a", "L", "", "same"),
    )  # fmt: skip
    assert found["a"] == ("review", None, None)


def test_what_is_likely_but_not_sure_goes_to_a_person(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    _, found = link(
        connection, [record("a", **{**POOR, "division_code": "610222"})], [profile("W", **WANG)]
    )
    assert found["a"] == ("review", None, None)
