"""What a build makes again, and what it leaves standing."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from foundation.paths import DataRoot
from orchestration.build_state import forget, remember, stale, wanted_states
from orchestration.dbt_build import BuildResult, NodeResult

DAY = date(2018, 3, 31)
SOURCES = {"a": "1", "b": "1"}


def _node(name: str, reads: list[str], code: str = "", macros: tuple[str, ...] = ()) -> Any:
    return {
        "name": name, "alias": name, "schema": "main", "resource_type": "model", "raw_code": code,
        "depends_on": {"nodes": reads, "macros": list(macros)},
    }  # fmt: skip


# a → list_a → both ← list_b ← b, and dated ← list_a; list_codes is a seed that both reads
MANIFEST: dict[str, Any] = {
    "sources": {"source.a": {"name": "a"}, "source.b": {"name": "b"}},
    "macros": {
        "macro.today": {
            "macro_sql": "date '{{ var(\"business_date\") }}'", "depends_on": {"macros": []},
        },
        "macro.age": {"macro_sql": "{{ today() }}", "depends_on": {"macros": ["macro.today"]}},
    },
    "nodes": {
        "model.both": _node("both", ["model.list_a", "model.list_b", "seed.codes"]),
        "model.dated": _node("dated", ["model.list_a"], macros=("macro.age",)),
        "model.list_a": _node("list_a", ["source.a"], "select max(business_date) from a"),
        "model.list_b": _node("list_b", ["source.b"]),
        "seed.codes": {**_node("codes", []), "resource_type": "seed", "depends_on": {}},
        "test.key": {**_node("key", ["model.both"]), "resource_type": "test"},
    },
}  # fmt: skip
EVERY = {"both", "dated", "list_a", "list_b", "codes"}


def _wanted(sources: dict[str, str] = SOURCES, common: str = "x", day: date = DAY) -> Any:
    return wanted_states(MANIFEST, sources, common, day)


def _built(*names: str, failed: tuple[str, ...] = (), tests: dict[str, str] | None = None) -> Any:
    nodes = [
        NodeResult(f"model.{n}", "model", n, "error" if n in failed else "success", 0.0, None)
        for n in names
    ]
    nodes += [NodeResult("test.key", "test", "key", s, 0.0, 1) for s in (tests or {}).values()]
    return BuildResult(tuple(nodes), {}, {"test.key": tuple(tests or {})})


@pytest.fixture
def root(tmp_path):
    root = DataRoot(tmp_path)
    root.build.mkdir(parents=True)
    return root


@pytest.fixture
def standing(root):
    """Everything was built once from `SOURCES`."""
    with duckdb.connect(str(root.warehouse)) as connection:
        for name in EVERY:
            connection.execute(f"CREATE TABLE main.{name} (x INTEGER)")
    assert set(stale(root, MANIFEST, _wanted())) == EVERY
    remember(root, MANIFEST, _wanted(), _built(*EVERY))
    return root


def test_states_come_parents_first_and_of_models_and_seeds_only():
    names = list(_wanted())
    assert set(names) == EVERY
    assert names.index("both") > max(names.index(n) for n in ("list_a", "list_b", "codes"))


def test_nothing_is_stale_after_a_build(standing):
    assert stale(standing, MANIFEST, _wanted()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sources": {"a": "2", "b": "1"}}, {"list_a", "dated", "both"}),
        ({"sources": {"a": "1", "b": "2"}}, {"list_b", "both"}),
        ({"day": date(2018, 4, 1)}, {"dated"}),
        ({"common": "another version"}, EVERY),
    ],
)
def test_what_follows_from_a_change_is_stale_and_nothing_else(standing, change, expected):
    assert set(stale(standing, MANIFEST, _wanted(**change))) == expected


def test_a_table_that_is_gone_is_stale(standing):
    with duckdb.connect(str(standing.warehouse)) as connection:
        connection.execute("DROP TABLE main.list_b")
    assert stale(standing, MANIFEST, _wanted()) == ["list_b"]


def test_what_was_touched_and_not_finished_is_stale_though_the_change_was_taken_back(standing):
    wanted = _wanted({"a": "2", "b": "1"})
    forget(standing, stale(standing, MANIFEST, wanted))
    assert set(stale(standing, MANIFEST, _wanted())) == {"list_a", "dated", "both"}


def test_what_failed_or_whose_test_failed_stays_stale(standing):
    wanted = _wanted(common="new")
    forget(standing, EVERY)
    remember(standing, MANIFEST, wanted, _built(*EVERY, failed=("list_b",)))
    assert set(stale(standing, MANIFEST, wanted)) == {"list_b", "both"}
    forget(standing, EVERY)
    remember(standing, MANIFEST, wanted, _built(*EVERY, tests={"both": "fail"}))
    assert stale(standing, MANIFEST, wanted) == ["both"]


def test_a_model_built_alone_over_stale_ones_stays_stale(standing):
    wanted = _wanted({"a": "2", "b": "1"})
    forget(standing, ["both"])
    remember(standing, MANIFEST, wanted, _built("both"))
    assert set(stale(standing, MANIFEST, wanted)) == {"list_a", "dated", "both"}


def test_a_source_without_a_digest_is_an_error():
    with pytest.raises(KeyError):
        _wanted({"a": "1"})


def test_rows_do_not_follow_from_what_says_which_of_them_are_made_anew():
    nodes = MANIFEST["nodes"] | {
        "model.int_a__touch_keys": _node("int_a__touch_keys", ["source.a", "source.b"]),
        "model.int_a__touch_days": _node(
            "int_a__touch_days", ["model.int_a__touch_keys"], macros=("macro.age",)
        ),
        "model.touched": _node("touched", ["source.a", "model.int_a__touch_days"]),
    }
    graph = MANIFEST | {"nodes": nodes}

    def changed(sources: dict[str, str], day: date) -> set[str]:
        was = wanted_states(graph, SOURCES, "x", DAY)
        now = wanted_states(graph, sources, "x", day)
        return {name for name in now if now[name] != was[name] and "touch" in name}

    assert changed({"a": "1", "b": "2"}, DAY) == {"int_a__touch_keys", "int_a__touch_days"}
    assert changed(SOURCES, date(2018, 4, 1)) == {"int_a__touch_days"}
    assert "touched" in changed({"a": "2", "b": "1"}, DAY)
