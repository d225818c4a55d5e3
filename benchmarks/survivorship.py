"""One source per value: seconds and memory of ranking, choosing and listing every candidate.

The models that run are dbt's own over `people` registered persons, of whom a fifth have a residence
permit, a fifth a marriage and one in fifty a certificate of death and a cremation.
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

_BEFORE = ("+int_population__rank_mentions", "+int_population__identify_persons")
_STEPS = {
    "rank statements": ("int_population__rank_statements",),
    "choose values": (
        "int_population__list_corrections",
        "int_population__list_candidates",
        "int_population__choose_values",
    ),
    "person_attribute": ("population__person_attribute",),
}
_NUMBER = "'61020319' || lpad((i % 10000000000)::VARCHAR, 9, '0') || 'X' AS {}"
_BESIDE = (
    "'p' AS delivery_id, 'p' AS list_id, i AS line, DATE '2018-03-01' AS business_date, 'a' AS "
    "delivery_order, '{}' AS provider"
)
_UPDATED = "TIMESTAMP '2018-03-01' + INTERVAL (i % 86400) SECOND AS updated_at, 'I' AS operation"
# What each extract says, one row for each i; and every how many persons have such a record.
_EXTRACTS = {
    "population__household_registration": (1, "public_security", f"""'P' || i AS person_no,
        {_NUMBER.format("resident_id")}, '某' || i AS name, (1 + i % 2)::VARCHAR AS sex_code,
        '01' AS ethnic_code, DATE '1950-01-01' + (i % 20000)::INTEGER AS birth_date,
        '610203' AS birthplace_division_code, 'H' || i // 3 AS household_no,
        '正阳路' || i // 3 || '号' AS registered_address,
        '610203001' AS registered_division_code, '20' AS marital_status_code,
        '60' AS education_code, '正常' AS registration_status, {_UPDATED}"""),
    "population__residence_permit": (5, "public_security", f"""'R' || i AS registration_no,
        {_NUMBER.format("resident_id")}, '某' || i AS name, (1 + i % 2)::VARCHAR AS sex_code,
        '01' AS ethnic_code, '510100' AS origin_division_code,
        '川口路' || i || '号' AS residence_address, '610204001' AS residence_division_code,
        '139' || lpad(i::VARCHAR, 8, '0') AS mobile, DATE '2017-01-01' AS registered_date,
        '有效' AS status, {_UPDATED}"""),
    "population__marriage_registration": (5, "civil_affairs", f"""'M' || i AS registration_no,
        '结婚' AS registration_type, '某' || i AS husband_name,
        '居民身份证' AS husband_id_type, {_NUMBER.format("husband_resident_id")},
        '某' || i + 1 AS wife_name, '居民身份证' AS wife_id_type,
        {_NUMBER.replace("i %", "(i + 1) %").format("wife_resident_id")},
        DATE '2010-01-01' AS registered_date"""),
    "population__death_certificate": (50, "health", f"""'D' || i AS certificate_no,
        {_NUMBER.format("resident_id")}, '某' || i AS name, (1 + i % 2)::VARCHAR AS sex_code,
        DATE '2018-02-01' AS death_date, DATE '2018-02-02' AS issued_date,
        '有效' AS certificate_status"""),
    "population__cremation": (50, "civil_affairs", f"""'C' || i AS cremation_no,
        {_NUMBER.format("resident_id")}, '居民身份证' AS id_type, '某' || i AS name,
        (1 + i % 2)::VARCHAR AS sex_code, DATE '2018-02-01' AS death_date,
        DATE '2018-02-04' AS cremated_date"""),
}  # fmt: skip


def run(*, people: int) -> None:
    """Build each step at the size given, print seconds and peak memory."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        root = DataRoot(Path(place) / "data")
        _make(root, people)
        build_models(root, _BEFORE)
        measured = {step: build_models(root, models) for step, models in _STEPS.items()}
        with duckdb.connect(str(root.warehouse), read_only=True) as connection:
            row = connection.execute("SELECT count(*) FROM population.person_attribute").fetchone()
    assert row is not None
    lines = [[step, f"{seconds:.1f}", f"{mib:.0f}"] for step, (seconds, mib) in measured.items()]
    show(f"survivorship: {people} people, {row[0]} candidates", ["", "s", "peak MiB"], lines)


def _make(root: DataRoot, people: int) -> None:
    make_private(root.build)
    expose(root, Ledger.open(root), catalog())
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("CREATE SCHEMA bench")
        for table, (every, provider, columns) in _EXTRACTS.items():
            beside = _BESIDE.format(provider)
            fill(
                connection,
                table,
                f"SELECT {columns}, {beside} FROM range(0, {people}, {every}) AS t(i)",
            )
