"""The joints with Great Expectations, in process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from expectations import engine
from expectations.expected import Expected, NoRows, NotNull, OneOf, Unique, matches
from expectations.tables import connect
from foundation.paths import PROJECT

PLANTED = "610203198807154321"


@pytest.fixture
def results(tmp_path: Path) -> tuple[dict[str, tuple[str, int | None]], list[str]]:
    """Passing, failing and raising expectations on one table, in one suite."""
    connection = connect(tmp_path, [])
    connection.execute("CREATE SCHEMA d")
    connection.execute(
        f"CREATE TABLE d.t AS SELECT * FROM (VALUES (1, 'a:b'), (2, '{PLANTED}'), (2, NULL), "
        "(4, '100%')) AS t(n, x)"
    )
    connection.execute("CREATE VIEW main.d__t AS FROM d.t")
    suite: list[Expected] = [
        NotNull("n.not_null", "", "n"),
        NotNull("x.not_null", "", "x"),
        NotNull("no.not_null", "", "no"),
        Unique("n.unique", "", ("n",)),
        Unique("x.unique", "", ("x",)),
        Unique("n+x.unique", "", ("n", "x")),
        OneOf("x.in", "", "x", ("a:b", "100%")),
        matches("d.t", "x", "(?:a:b|[0-9]{18}|.*%)"),
        NoRows("cast", "", "SELECT 1 AS unexpected FROM d.t WHERE CAST(x AS INTEGER) > 0"),
        NoRows("share", "", "SELECT 1 AS unexpected FROM d.t WHERE x LIKE '100%'"),
    ]
    rows, problems = engine.Engine(connection, ["d__t"]).run("d__t", suite)
    return {id_: (status, count) for id_, status, count, _ in rows}, problems


def test_every_expectation_is_answered_by_its_id(
    results: tuple[dict[str, tuple[str, int | None]], list[str]],
) -> None:
    assert results[0] == {
        "n.not_null": ("passed", 0),
        "x.not_null": ("failed", 1),
        "no.not_null": ("error", None),
        "n.unique": ("failed", 2),
        "x.unique": ("passed", 0),
        "n+x.unique": ("passed", 0),
        "x.in": ("failed", 1),
        "x.pattern": ("passed", 0),
        "cast": ("error", None),
        "share": ("failed", 1),
    }


def test_what_was_raised_is_told_by_class_only(
    results: tuple[dict[str, tuple[str, int | None]], list[str]],
) -> None:
    text = "\n".join(results[1])
    assert "cast: " in text
    assert "ConversionException" in text
    assert PLANTED not in text
    assert "a:b" not in text


def test_asking_everything_at_once_is_asking_one_by_one(tmp_path: Path) -> None:
    """Also where NULL stands in a key, or a value of the list bears a quote."""

    def suite(table: str) -> list[Expected]:
        return [
            NotNull("n.not_null", "", "n"),
            Unique("x.unique", "", ("x",)),
            Unique("n+x.unique", "", ("n", "x")),
            OneOf("x.in", "", "x", ("a", "o'b", "a:{b}")),
            NoRows("none", "", f"SELECT 1 AS unexpected FROM main.{table} WHERE n > 2"),
        ]

    rows = ["(1, 'a')", "(2, 'o''b')", "(1, NULL)", "(NULL, NULL)", "(3, 'a:{b}')", "(1, 'c')"]
    tables = {
        f"t{one}{other}": f"{rows[one]}, {rows[other]}"
        for one in range(len(rows))
        for other in range(one, len(rows))
    }
    connection = connect(tmp_path, [])
    for table, values in tables.items():
        connection.execute(f"CREATE TABLE main.{table} AS FROM (VALUES {values}) AS t(n, x)")
    asker = engine.Engine(connection, tables)
    passed = []
    for table in tables:
        at_once = asker.run(table, suite(table))
        assert at_once == asker.one_by_one(table, suite(table)), table
        passed.append(all(status == "passed" for _, status, *_ in at_once[0]))
    assert any(passed)
    assert not all(passed)


@pytest.mark.parametrize(
    ("info", "raised"),
    [
        ({"raised_exception": False, "exception_traceback": None}, False),
        ({"raised_exception": True, "exception_traceback": "x.y.KeyError: 610203"}, True),
        ({"metric": {"raised_exception": True, "exception_traceback": "ValueError: z"}}, True),
        ({"metric": {"raised_exception": True, "exception_traceback": None}}, True),
        ({}, True),
        (None, True),
        ("KeyError", True),
    ],
)
def test_exception_info_flat_nested_or_unreadable(info: object, raised: bool) -> None:
    assert bool(engine._raised(info)) is raised


def test_only_the_given_files_can_be_read(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    connection = connect(tmp_path / "spill", [])
    with pytest.raises(Exception, match="Permission"):
        connection.execute(f"SELECT * FROM read_csv('{other}')")


def test_the_worker_loads_nothing_of_distributions_until_it_is_used() -> None:
    told = (
        "import sys\n"
        "from expectations.later import load_later\n"
        "from expectations.worker import _UNUSED\n"
        "load_later(*_UNUSED)\n"
        "import expectations.engine\n"
        "assert 'scipy.stats._stats_py' not in sys.modules\n"
        "from scipy import stats\n"
        "assert stats.norm.cdf(0) == 0.5\n"
        "assert 'scipy.stats._stats_py' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", told], check=True, cwd=PROJECT)
