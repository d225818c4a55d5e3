"""A pair's score follows the two units and the parameters, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from benchmarks import linkage_city
from foundation.errors import ConfigurationError
from linkage import Previous, decide, score, spec
from linkage.known import find_change, remember
from linkage.person import SPEC
from linkage.training import version_of
from tests.unit.linkage.conftest import LI, PERSON, WANG, profile, record, said, table

KNOWN = linkage_city.with_units(linkage_city.profiles(5, 400), "P")
TOLD = linkage_city.with_units(linkage_city.records(5, KNOWN, 4), "R")
SLIP = WANG["number_text"][:17] + ("1" if WANG["number_text"][17] != "1" else "2")
EXCHANGED = WANG["number_text"][:12] + "80" + WANG["number_text"][14:]
VERSION = PERSON.learnt.model_version


# Said of the same man otherwise: nearer, and farther. The name is left as an anchor of blocking
# where it is not what changes.
LEVELS = [
    ({"name": "王建国"}, {"name": "王建新"}),
    ({"name": "王国建"}, {"name": "王建新"}),
    ({"name": "王建新"}, {"name": "王小兰"}),
    ({"name": "王　建国"}, {"name": "王建新"}),
    ({"name": "旧名", "former_name": "王建国"}, {"name": "旧名"}),
    ({"birth_date": "1975-03-08"}, {"birth_date": "1975-08-03"}),
    ({"birth_date": "1975-08-03"}, {"birth_date": "1975-05-21"}),
    ({"birth_date": "1975-03-18"}, {"birth_date": "1979-05-21"}),
    ({"birth_date": "1974-03-08"}, {"birth_date": "1961-05-21"}),
    ({"number_text": "610204197503080000"}, {"number_text": "610203196112050000"}),
    ({"number_text": SLIP}, {"number_text": "610203196112050000"}),
    ({"number_text": EXCHANGED}, {"number_text": "610203196112050000"}),
    ({"number_text": "610204750308002"}, {"number_text": "610203611205001"}),
    ({"sex_code": None}, {"sex_code": "2"}),
    ({"sex_code": "1"}, {"sex_code": None}),
    ({"address": "小丘镇乙社村4组39号"}, {"address": "宜君县彭镇东村1组1号"}),
    ({"address": None}, {"address": None, "division_code": "610222"}),
    ({"mobile": "+86 139 1234 5678"}, {"mobile": None}),
    ({"mobile": "13912345687"}, {"mobile": "13700000000"}),
    ({"mobile": None}, {"mobile": "13700000000"}),
]
RARE = {**WANG, "name": "令狐䶮"}
MASKED = "610204********0018"


@pytest.fixture(scope="module")
def weights() -> dict[str, float]:
    """The match weight of each record below with the person it is of."""
    told = {f"nearer {i}": said(WANG, **nearer) for i, (nearer, _) in enumerate(LEVELS)}
    told |= {f"farther {i}": said(WANG, **farther) for i, (_, farther) in enumerate(LEVELS)}
    told |= {"plain": said(WANG), "rare": said(RARE), "masked": said(WANG, number_text=MASKED)}
    with duckdb.connect() as connection:
        table(connection, "records", [record(key, **columns) for key, columns in told.items()])
        table(connection, "profiles", [profile("X", **WANG), profile("Y", **RARE)])
        pairs = score(connection, replace(PERSON, lower=1e-12), "records", "profiles")
        rows = connection.execute(
            f"SELECT left_id[3:], match_weight FROM {pairs} "
            "WHERE right_id = if(left_id = 'u-rare', 'p-Y', 'p-X')"
        ).fetchall()
    return dict.fromkeys(told, -99.0) | dict(rows)


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_each_level_counts(weights: dict[str, float], level: int) -> None:
    assert weights[f"nearer {level}"] > weights[f"farther {level}"]


def test_a_rare_name_weighs_more(weights: dict[str, float]) -> None:
    assert weights["rare"] > weights["plain"] + 3


def test_masked_numbers_are_not_matched_on(weights: dict[str, float]) -> None:
    assert weights["masked"] == weights["plain"]


def scored(
    connection: duckdb.DuckDBPyConnection, records: pl.DataFrame, profiles: pl.DataFrame,
    previous: Previous | None = None,
) -> list[tuple[Any, ...]]:  # fmt: skip
    for name, frame in (("records", records), ("profiles", profiles)):
        connection.register("arriving", frame)
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM arriving")
    pairs = score(connection, PERSON, "records", "profiles", previous)
    return connection.execute(f"FROM {pairs}").fetchall()


# Shrinking would take minutes: one example scores three times.
@settings(max_examples=3, derandomize=True, phases=[Phase.generate])
@given(data=st.data())
def test_scoring_what_is_new_is_scoring_everything(data: st.DataObject) -> None:
    def some(frame: pl.DataFrame) -> pl.DataFrame:
        seed = data.draw(st.integers(0, 10**6))
        return frame.sample(fraction=data.draw(st.sampled_from([0.4, 0.7, 0.9])), seed=seed)

    with duckdb.connect() as connection:
        scored(connection, some(TOLD), some(KNOWN), Previous(None, "units"))
        for _ in range(2):
            connection.execute("CREATE OR REPLACE TABLE before AS FROM linkage_pairs_person")
            records, profiles = some(TOLD), some(KNOWN)
            whole = scored(connection, records, profiles)
            assert scored(connection, records, profiles, Previous("before", "units")) == whole


def test_what_other_rules_found_does_not_count(connection: duckdb.DuckDBPyConnection) -> None:
    """Neither pairs nor units of another model version, nor units hashed by another DuckDB."""
    whole = scored(connection, TOLD, KNOWN, Previous(None, "units"))
    connection.execute("CREATE TABLE before AS FROM linkage_pairs_person")
    connection.execute("UPDATE before SET match_weight = 0")
    connection.execute("UPDATE units SET scored_by = 'x'")
    assert scored(connection, TOLD, KNOWN, Previous("before", "units")) == whole
    connection.execute("UPDATE before SET model_version = 'x'")
    assert scored(connection, TOLD, KNOWN, Previous("before", "units")) == []


def test_a_night_describes_only_what_is_near_a_new_unit(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Of each blocking rule all the columns count, from either side."""

    def near(*records: dict[str, Any]) -> list[str]:
        table(connection, "records", list(records))
        change = find_change(connection, PERSON, ("records", "profiles"), "units")
        told = connection.execute(f"FROM {change.near} ORDER BY ALL").fetchall()
        remember(connection, "units")
        return [unit for (unit,) in told]

    former = {**LI, "name": "李桂英", "former_name": "李秀英"}
    table(connection, "profiles", [profile("W", **WANG), profile("L", **LI)])
    assert near() == []
    assert near(record("a", **said(WANG))) == ["p-W"]
    assert near(record("a", **said(WANG)), record("b", **said(former))) == ["p-L"]
    assert near(record("c", **said(WANG, birth_date=None, mobile=None, address=None))) == []


def test_neither_order_nor_threads_matter(connection: duckdb.DuckDBPyConnection) -> None:
    def outcomes(threads: int, seed: int) -> list[Any]:
        connection.execute(f"SET threads = {threads}")
        shuffled = (f.sample(fraction=1, shuffle=True, seed=seed) for f in (TOLD, KNOWN))
        pairs = scored(connection, *shuffled)
        connection.execute("CREATE OR REPLACE TABLE subjects AS "
                           "SELECT unit_id, pid::VARCHAR AS subject_key FROM profiles")  # fmt: skip
        decided = decide(connection, PERSON, "linkage_pairs_person", "records", "subjects")
        return [pairs, *(connection.execute(f"FROM {t}").fetchall() for t in decided)]

    first = outcomes(1, 1)
    assert len(first[1]) == TOLD.height
    assert first == outcomes(2, 2)


def test_units_need_ids_of_their_own(connection: duckdb.DuckDBPyConnection) -> None:
    for previous in (None, Previous(None, "units")):
        with pytest.raises(ConfigurationError, match="1 units without an id"):
            scored(connection, pl.concat([TOLD, TOLD.head(1)]), KNOWN, previous)
    scored(connection, TOLD, KNOWN, Previous(None, "units"))
    with pytest.raises(ConfigurationError, match="1 units without an id"):
        scored(connection, pl.concat([TOLD, TOLD.head(1)]), KNOWN, Previous(None, "units"))


def test_a_rule_without_an_equality_cannot_be_kept(connection: duckdb.DuckDBPyConnection) -> None:
    loose = replace(PERSON, blocking=("l.birth < r.birth",))
    table(connection, "records", [record("a", **said(WANG))])
    with pytest.raises(ConfigurationError, match="no equality"):
        find_change(connection, loose, ("records", "records"), "units")


def test_nothing_is_left_behind(connection: duckdb.DuckDBPyConnection) -> None:
    scored(connection, TOLD, KNOWN, Previous(None, "units"))
    rows = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    assert rows == [("linkage_pairs_person",), ("profiles",), ("records",), ("units",)]


@pytest.mark.parametrize("kind", ["person", "entity"])
def test_the_version_names_structure_and_parameters(kind: str) -> None:
    trained = spec(kind)
    assert version_of(trained, trained.learnt) == trained.learnt.model_version
    assert set(trained.learnt.m) == {c.name for c in trained.comparisons}
    other = replace(trained, blocking=trained.blocking[1:])
    assert version_of(other, trained.learnt) != trained.learnt.model_version


def test_kinds_and_training_are_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="no linkage of kind"):
        spec("ship")
    with pytest.raises(ConfigurationError, match="never trained"):
        _ = SPEC.learnt
