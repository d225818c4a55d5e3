"""What people were, and when it was known: seconds and memory of the history models of a night.

A warehouse with `people` household registrations, a permit for every eighth, a wedding for every
fourth and a death for every thirtieth; on each of three nights one in a hundred registrations
changes. The models are dbt's own, in a process of their own; identity is built before.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from benchmarks.geospatial import build_models
from benchmarks.geospatial_city import fill
from benchmarks.machine import show
from catalog import catalog
from foundation.files import make_private
from foundation.paths import DataRoot
from ingest.accepted import expose
from ledger import Ledger

NIGHTS = 3
_MODELS = ("int_population__link_versions", "int_population__list_statements",
           "int_population__period_statements", "population__person_history",
           "population__person_statement")  # fmt: skip
_BEFORE = ("+int_population__rank_mentions", "+int_population__identify_persons",
           "+int_population__list_corrections")  # fmt: skip
_NUMBER = "'6102021990' || lpad(({i})::VARCHAR, 7, '0') || 'X'"
_CAME = (
    "'d{n}' AS delivery_id, 'd{n}' AS list_id, 'd{n}' AS delivery_order, i AS line, "
    "DATE '2018-03-01' + {n} AS business_date, TIMESTAMP '2018-03-01 20:00:00' + "
    "INTERVAL {n} DAY AS known_at, '{provider}' AS provider"
)


def run(*, people: int) -> None:
    """Build the models and print their seconds and peak memory."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        root = DataRoot(Path(place) / "data")
        _make(root, people)
        build_models(root, _BEFORE)
        seconds, mib = build_models(root, _MODELS)
        with duckdb.connect(str(root.warehouse), read_only=True) as connection:
            counted = connection.execute(
                "SELECT (SELECT count(*) FROM population.person_history), "
                "(SELECT count(*) FROM population.person_statement)"
            ).fetchone()
        assert counted is not None
    show(
        f"history: the models of a night after {NIGHTS} nights of changes",
        ["people", "history rows", "statement rows", "s", "peak MiB"],
        [[str(people), str(counted[0]), str(counted[1]), f"{seconds:.1f}", f"{mib:.0f}"]],
    )


def _make(root: DataRoot, people: int) -> None:
    make_private(root.build)
    expose(root, Ledger.open(root), catalog())
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("CREATE SCHEMA bench")
        changes = " UNION ALL ".join(
            f"SELECT i, {n} AS n, {_CAME.format(n=n, provider='public_security')} "
            f"FROM range({people}) AS p(i)" + (f" WHERE i % 100 = {n}" if n else "")
            for n in range(NIGHTS + 1)
        )
        fill(
            connection,
            "population__household_registration",
            f"SELECT * EXCLUDE (i, n), 'P' || i AS person_no, {_NUMBER.format(i='i')} AS "
            "resident_id, '某' || i % 1000 AS name, (1 + i % 2)::VARCHAR AS sex_code, '01' AS "
            "ethnic_code, DATE '1950-01-01' + (i % 20000)::INTEGER AS birth_date, 'H' || i // 3 "
            "AS household_no, '正阳路' || i || '号' || n AS registered_address, '610203001001' AS "
            "registered_division_code, '20' AS marital_status_code, '10' AS education_code, "
            "'正常' AS registration_status, CASE WHEN n = 0 THEN TIMESTAMP '2017-01-01' + "
            "INTERVAL (i % 400) DAY ELSE TIMESTAMP '2018-03-01 09:00:00' + INTERVAL (n) DAY END "
            f"AS updated_at, 'U' AS operation FROM ({changes})",
        )
        came = _CAME.format(n=0, provider="x")
        for table, columns, every in (
            ("residence_permit",
             (f"'R' || i AS registration_no, {_NUMBER.format(i='8 * i')} AS resident_id, '某' AS "
             "name, '北关' || i AS residence_address, '610203001' AS residence_division_code, "
             "DATE '2017-01-01' AS registered_date, '有效' AS status, "
             "TIMESTAMP '2017-01-01 10:00:00' AS updated_at, 'I' AS operation"), 8),
            ("marriage_registration",
             ("'M' || i AS registration_no, '结婚' AS registration_type, '居民身份证' AS "
             f"husband_id_type, {_NUMBER.format(i='4 * i')} AS husband_resident_id, '居民身份证' "
             f"AS wife_id_type, {_NUMBER.format(i='4 * i + 1')} AS wife_resident_id, "
             "DATE '2010-01-01' + (i % 2000)::INTEGER AS registered_date"), 4),
            ("death_certificate",
             (f"'D' || i AS certificate_no, {_NUMBER.format(i='30 * i')} AS resident_id, '某' AS "
             "name, DATE '2018-02-01' AS death_date, DATE '2018-02-02' AS issued_date, "
             "'有效' AS certificate_status"), 30),
        ):  # fmt: skip
            fill(
                connection,
                f"population__{table}",
                f"SELECT {came}, {columns} FROM range({people // every}) AS p(i)",
            )
