"""Pairs that the last build scored are kept where they belong to the units that it scored."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.linking import score_pairs
from tests.unit.linkage.conftest import LI, WANG, profile, record, said, table

_THIS = '"memory"."main"."pairs"'


@pytest.fixture
def session() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        table(made, "units", [record("a", **said(WANG)), record("b", **said(LI))])
        table(made, "profiles", [profile("W", **WANG), profile("L", **LI)])
        yield made


def _build(session: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """What a build leaves of the pairs: their weights."""
    scored = score_pairs(
        session, "person", session.table("units"), session.table("profiles"), _THIS
    )
    session.execute(f"CREATE OR REPLACE TABLE pairs AS {scored.sql_query()}")
    told = session.execute("SELECT left_id, match_weight::DOUBLE FROM pairs").fetchall()
    return dict(told)


def _comment(session: duckdb.DuckDBPyConnection) -> str:
    (told,) = session.execute(
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'pairs_units'"
    ).fetchone() or ("",)
    return str(told)


def test_pairs_of_the_last_build_are_kept(session: duckdb.DuckDBPyConnection) -> None:
    first = _build(session)
    assert first.keys() == {"u-a", "u-b"}
    session.execute("UPDATE pairs SET match_weight = 50")
    # as the build would have left it, had it scored that
    (content,) = session.execute(
        "SELECT concat_ws('-', count(*), sum(hash(left_id, right_id, match_weight, "
        "match_probability, model_version))) FROM pairs"
    ).fetchone() or ("",)
    session.execute(f"COMMENT ON TABLE pairs_units IS '{content}'")
    table(session, "profiles", [profile("W", **WANG), profile("L", **LI)])
    table(
        session, "units", [record("a", **said(WANG)), {**record("b", **said(LI)), "unit_id": "c"}]
    )
    assert _build(session) == {"u-a": 50.0, "c": first["u-b"]}


def test_pairs_of_another_build_are_scored_again(session: duckdb.DuckDBPyConnection) -> None:
    """A killed build changed one of the two tables, or ended before it could say which pairs."""
    first = _build(session)
    session.execute("UPDATE pairs SET match_weight = 50")
    assert _build(session) == first
    session.execute("COMMENT ON TABLE pairs_units IS NULL")
    session.execute("DELETE FROM pairs")
    assert _build(session) == first


def test_the_units_say_which_pairs_they_belong_to_only_when_all_is_scored(
    session: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    import linkage.scoring

    first = _build(session)
    told = _comment(session)
    assert told.startswith("2-")

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    table(session, "units", [record("b", **said(LI))])
    with monkeypatch.context() as patch:
        patch.setattr(linkage.scoring, "remember", dies)
        with pytest.raises(RuntimeError, match="killed"):
            _build(session)
    assert _comment(session) == "None"
    assert _build(session) == {"u-b": first["u-b"]}


def test_without_units_nothing_is_kept(session: duckdb.DuckDBPyConnection) -> None:
    _build(session)
    session.execute("DELETE FROM units")
    assert _build(session) == {}
    names = session.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert ("pairs_units",) not in names
