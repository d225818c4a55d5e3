"""The linker: right and wrong links by damage, a whole city at once, FEBRL 4, a night's share.

Measured with the parameters in `linkage/parameters`, on cities with other seeds than those they
were trained on (`benchmarks.linkage_train`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks import febrl
from benchmarks.linkage_train import tables
from benchmarks.machine import show
from foundation.paths import PROJECT
from linkage import Previous, Spec, decide, score, spec

_SIZES = {"person": (50_000, 500), "entity": (200_000, 300)}
# Says what anybody can know of most people only once: it may be two people's, and is told apart.
_POOR = "name, birth date and county alone"
_LARGE_LIMIT = "2GB"
# One subject in so many has no profile: whatever its records are linked to is wrong.
_ABSENT = 10
_NOBODY = "of nobody among the profiles"


def run(*, seed: int, large: int) -> None:
    """Print every figure; `large` is how many records meet as many profiles."""
    for kind in ("person", "entity"):
        _quality(kind, seed)
    _nightly(seed)
    _large(seed, large)
    linked, precision, recall, f1 = febrl.measure()
    figures = [f"{figure:.4f}" for figure in (precision, recall, f1)]
    show("FEBRL 4, trained on itself without labels", ["", "linked", "precision", "recall", "F1"],
         [["5000 × 5000", str(linked), *figures]])  # fmt: skip


def _load(connection: duckdb.DuckDBPyConnection, kind: str, seed: int, size: int, per: int) -> None:
    """Tables `records`, `profiles` and `subjects`."""
    records, profiles = tables(kind, seed, size, per)
    connection.execute("SET enable_progress_bar = false")
    for name, table in (("arriving_records", records), ("arriving_profiles", profiles)):
        connection.register(name, table)
    connection.execute("CREATE TABLE records AS FROM arriving_records")
    connection.execute("CREATE TABLE profiles AS FROM arriving_profiles")
    connection.execute(
        "CREATE TABLE subjects AS SELECT unit_id, pid::VARCHAR AS subject_key FROM profiles"
    )


def _quality(kind: str, seed: int) -> None:
    """Right, wrong, and for a person to look at, of each damage."""
    linker = spec(kind)
    with duckdb.connect() as connection:
        _load(connection, kind, seed, *_SIZES[kind])
        connection.execute(f"DELETE FROM profiles WHERE hash(pid) % {_ABSENT} = 0")
        connection.execute(
            f"UPDATE records SET damage = '{_NOBODY}' WHERE pid NOT IN (SELECT pid FROM profiles)"
        )
        pairs = score(connection, linker, "records", "profiles")
        decided = decide(connection, linker, pairs, "records", "subjects")
        counted = connection.execute(
            _COUNTS.format(outcomes=decided.outcomes, candidates=decided.candidates)
        ).fetchall()
        told = connection.execute("SELECT count(*) FROM profiles").fetchone()
        merged = _merged(connection, linker, decided.outcomes)
    lines = [_line(str(name), [numbers]) for name, *numbers in counted]
    wrong = sum(row[3] for row in counted)
    found = [row for row in counted if row[0] != _NOBODY]
    lines.append(_line("all with a profile", [row[1:] for row in found], wrong))
    if kind == "person":
        lines.append(_line("… but the poorest", [r[1:] for r in found if r[0] != _POOR], wrong))
    show(
        f"{kind}: {told[0] if told else 0} profiles, and records with one damage each",
        ["damage", "records", "right", "wrong", "review", "its subject among", "new",
         "insufficient", "precision", "recall"],
        lines,
    )  # fmt: skip
    print(f"  two valid different numbers merged: {merged}")


_COUNTS = """
SELECT damage, count(*), count(*) FILTER (WHERE is_right),
    count(*) FILTER (WHERE (outcome = 'linked' AND NOT is_right)
        OR (outcome = 'grouped' AND is_mixed)),
    count(*) FILTER (WHERE outcome = 'review'),
    count(*) FILTER (WHERE outcome = 'review' AND is_offered),
    count(*) FILTER (WHERE outcome IN ('new', 'grouped')),
    count(*) FILTER (WHERE outcome = 'insufficient')
FROM (
    SELECT r.damage, o.outcome, o.outcome = 'linked' AND o.subject_key = r.pid::VARCHAR AS is_right,
        min(r.pid) OVER (PARTITION BY o.group_id) <> max(r.pid) OVER (PARTITION BY o.group_id)
            AS is_mixed,
        EXISTS (SELECT 1 FROM {candidates} AS c WHERE c.record_id = o.record_id
            AND c.subject_key = r.pid::VARCHAR) AS is_offered
    FROM {outcomes} AS o JOIN records AS r USING (record_id)
)
GROUP BY damage ORDER BY damage"""


def _line(name: str, rows: list[list[int]], every_wrong: int | None = None) -> list[str]:
    """A line of the table; precision of a total counts what strangers were wrongly linked to."""
    sums = [sum(column) for column in zip(*rows, strict=True)]
    records, right, wrong, review, offered, new, little = sums
    wrong = wrong if every_wrong is None else every_wrong
    return [
        name, *(str(n) for n in (records, right, wrong, review, offered, new, little)),
        f"{right / max(right + wrong, 1):.2%}", f"{right / records:.2%}",
    ]  # fmt: skip


def _merged(connection: duckdb.DuckDBPyConnection, linker: Spec, outcomes: str) -> int:
    """Links between a record and a subject whose valid numbers differ."""
    from linkage.prepare import derived_of

    sides = [derived_of(connection, linker, t, "unit_id") for t in ("records", "profiles")]
    apart = " OR ".join(f"a.{c} <> b.{c}" for c in linker.exclusive)
    row = connection.execute(
        f"SELECT count(*) FROM {outcomes} AS o JOIN subjects AS s USING (subject_key) "
        f"JOIN {sides[0]} AS a ON a.unit_id = o.unit_id "
        f"JOIN {sides[1]} AS b ON b.unit_id = s.unit_id WHERE {apart}"
    ).fetchone()
    return int(row[0]) if row else 0


def _nightly(seed: int) -> None:
    """Everything, then with a hundredth and a thousandth of the records new."""
    linker, lines = spec("person"), []
    with duckdb.connect() as connection:
        _load(connection, "person", seed, 200_000, 9_000)
        whole, took = _timed(connection, linker, Previous(None, "units"))
        lines.append(["all", _count(connection, "records"), *took])
        connection.execute(f"CREATE TABLE scored AS FROM {whole}")
        for share in (100, 1000):
            fewer = f"(FROM records WHERE hash(unit_id) % {share} <> 0)"
            known = score(connection, linker, fewer, "profiles", Previous("scored", "units"))
            connection.execute(f"CREATE OR REPLACE TABLE known AS FROM {known}")
            again, took = _timed(connection, linker, Previous("known", "units"))
            same = connection.execute(
                f"SELECT count(*) FROM (FROM {again} EXCEPT FROM scored)"
            ).fetchone()
            assert same == (0,), "scoring what is new differs from scoring everything"
            new = f"(SELECT unit_id FROM records WHERE hash(unit_id) % {share} = 0)"
            lines.append([f"1/{share} new", _count(connection, new), *took])
    show("person: a night follows what changed (200 000 profiles)",
         ["records", "scored anew", "seconds", "CPU seconds"], lines)  # fmt: skip


def _timed(
    connection: duckdb.DuckDBPyConnection, linker: Spec, previous: Previous | None
) -> tuple[str, list[str]]:
    wall, work = time.perf_counter(), time.process_time()
    pairs = score(connection, linker, "records", "profiles", previous)
    took = (time.perf_counter() - wall, time.process_time() - work)
    return pairs, [f"{seconds:.1f}" for seconds in took]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return str(row[0] if row else 0)


def _large(seed: int, size: int) -> None:
    """So many records against so many profiles, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        path = Path(place) / "city.duckdb"
        making = [
            sys.executable,
            "-m",
            "benchmarks.linkage",
            "make",
            str(path),
            str(seed),
            str(size),
        ]
        subprocess.run(making, cwd=PROJECT, check=True)
        command = [sys.executable, "-m", "benchmarks.linkage", "link", str(path)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            printed = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"linking ended with {process.returncode}")
    told = json.loads(printed)
    kib = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    show(
        f"person: {told['records']} records × {told['profiles']} profiles, 2 threads",
        ["", "score s", "decide s", "both s", "CPU s", "peak MiB", "linked", "wrong", "review"],
        [["", f"{told['score']:.1f}", f"{told['decide']:.1f}",
          f"{told['score'] + told['decide']:.1f}", f"{usage.ru_utime + usage.ru_stime:.1f}",
          f"{kib / 1024:.0f}", str(told["linked"]), str(told["wrong"]), str(told["review"])]],
    )  # fmt: skip


def _make(path: str, seed: int, size: int) -> None:
    with duckdb.connect(path) as connection:
        _load(connection, "person", seed, size, size // 20)
        connection.execute(
            f"CREATE OR REPLACE TABLE records AS FROM records ORDER BY hash(unit_id) LIMIT {size}"
        )


def _link(path: str) -> None:
    linker = spec("person")
    with duckdb.connect(path) as connection:
        connection.execute(f"SET threads = 2; SET memory_limit = '{_LARGE_LIMIT}'")
        start = time.perf_counter()
        pairs = score(connection, linker, "records", "profiles")
        scored = time.perf_counter()
        decided = decide(connection, linker, pairs, "records", "subjects")
        done = time.perf_counter()
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE outcome = 'linked'), count(*) FILTER (WHERE "
            "outcome = 'linked' AND subject_key <> pid::VARCHAR), "
            "count(*) FILTER (WHERE outcome = 'review') "
            f"FROM {decided.outcomes} JOIN records USING (record_id)"
        ).fetchone()
        sizes = {name: int(_count(connection, name)) for name in ("records", "profiles")}
    assert row is not None
    figures = {"score": scored - start, "decide": done - scored, **sizes,
               "linked": row[0], "wrong": row[1], "review": row[2]}  # fmt: skip
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        _make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        _link(sys.argv[2])
