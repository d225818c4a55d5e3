"""When a build may make anew only what its deliveries touch."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from foundation.paths import DataRoot
from orchestration.touched import TouchedModels

DAY, NEXT = date(2018, 3, 30), date(2018, 3, 31)
EXTRACTS = {"d/people": "d__people", "d/firms": "d__firms", "d/other": "d__other"}
SHOWN = {"d__people": "1", "past__d__people": "1", "link_decision": "1", "d__other": "1"}


def _node(name: str, reads: list[str], materialized: str) -> Any:
    return {
        "name": name, "alias": name, "schema": "main", "resource_type": "model", "raw_code": "",
        "unique_id": f"model.{name}", "config": {"materialized": materialized},
        "depends_on": {"nodes": reads, "macros": []},
    }  # fmt: skip


MANIFEST: dict[str, Any] = {
    "sources": {f"source.{name}": {"name": name} for name in SHOWN},
    "macros": {},
    "nodes": {
        "model.listed": _node("listed", ["source.d__people", "source.past__d__people"], "table"),
        "model.linked": _node("linked", ["model.listed", "source.link_decision"], "touched"),
        "model.chosen": _node("chosen", ["model.linked"], "touched"),
        "model.d__touch_keys": _node("d__touch_keys", ["source.d__people"], "table"),
        "model.aside": _node("aside", ["source.d__other"], "table"),
    },
}
# delivery, extract, accepted rows, when it came and went
SPANS = [
    ("a", "d/people", 100, 1, None),
    ("b", "d/people", 5, 2, None),
    ("o", "d/other", 9, 2, None),
]


@pytest.fixture
def root(tmp_path):
    """Two touched models that stand as the build of `DAY` left them."""
    root = DataRoot(tmp_path)
    root.build.mkdir(parents=True)
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("CREATE TABLE linked (x INT); CREATE TABLE chosen (x INT)")
    _show(root, SPANS)
    assert _models(root, day=DAY).since() is None  # nothing was built yet
    _models(root, day=DAY).remember(["listed", "linked", "chosen", "aside"])
    return root


def _show(root: DataRoot, spans: list[tuple[Any, ...]]) -> None:
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute(
            "CREATE SCHEMA IF NOT EXISTS raw; CREATE OR REPLACE TABLE raw.known_span (delivery_id "
            "VARCHAR, extract VARCHAR, accepted INT, known_at INT, known_until INT)"
        )
        connection.executemany("INSERT INTO raw.known_span VALUES (?, ?, ?, ?, ?)", spans)


def _models(
    root: DataRoot, *, day: date = NEXT, code: str = "x", shown: dict[str, str] = SHOWN
) -> TouchedModels:
    return TouchedModels(root, MANIFEST, shown, code, day, EXTRACTS)


def _changed(root: DataRoot) -> list[tuple[str, str]]:
    with duckdb.connect(str(root.warehouse)) as connection:
        return connection.execute("FROM raw.changed_delivery").fetchall()


def test_what_came_and_what_went_has_changed(root):
    _show(root, [SPANS[0], ("b", "d/people", 5, 2, 3), SPANS[2], ("c", "d/people", 7, 3, None)])
    assert _models(root, shown=SHOWN | {"d__people": "2", "past__d__people": "2"}).since() == DAY
    assert _changed(root) == [("b", "d/people"), ("c", "d/people")]


def test_the_days_go_on_though_nothing_came(root):
    assert _models(root).since() == DAY
    assert _changed(root) == []


@pytest.mark.parametrize(
    "other",
    [
        {"code": "y"},
        {"day": date(2018, 3, 29)},
        {"shown": SHOWN | {"link_decision": "2"}},
    ],
    ids=["other code", "a day that goes back", "people decided"],
)
def test_everything_is_made_anew_where_more_than_deliveries_changed(root, other):
    assert _models(root, **other).since() is None


def test_what_touched_models_do_not_read_may_change(root):
    assert _models(root, shown=SHOWN | {"d__other": "2"}).since() == DAY


@pytest.mark.parametrize("standing", [["listed", "linked"], []])
def test_everything_is_made_anew_after_a_model_failed(root, standing):
    _models(root, day=DAY).remember(standing)
    assert _models(root).since() is None


def test_everything_is_made_anew_after_a_build_that_was_killed(root):
    _models(root).forget(["chosen"])
    assert _models(root).since() is None


def test_everything_is_made_anew_where_a_table_is_gone(root):
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("DROP TABLE chosen")
    assert _models(root).since() is None


def test_everything_is_made_anew_where_a_delivery_is_known_no_more(root):
    _show(root, [SPANS[0], SPANS[2]])
    assert _models(root, shown=SHOWN | {"d__people": "2"}).since() is None


def test_everything_is_made_anew_where_much_came(root):
    _show(root, [*SPANS, ("c", "d/people", 50, 3, None)])
    assert _models(root, shown=SHOWN | {"d__people": "2"}).since() is None
    # of an extract that no touched model reads, any number may come
    _show(root, [*SPANS, ("p", "d/other", 5000, 3, None)])
    assert _models(root, shown=SHOWN | {"d__other": "2"}).since() == DAY


def test_what_is_touched_is_said_anew_before_anything_is_made_by_it(root):
    models = _models(root)
    assert models.with_what_is_touched(["chosen"]) == ("chosen", "d__touch_keys")
    assert models.with_what_is_touched(["aside"]) == ("aside",)
