"""Contributions month by month: seconds and memory of the models over five million of them.

Twelve months of contributions, one row for each insured person and month, as ingest leaves them
(one Parquet file a month). Full build, a night with one month more, a night with nothing new, and
a full build over the thirteen months for comparison. The models are dbt's own, each build in a
process of its own; dbt's start is measured on a build of one small model and taken off.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from benchmarks.geospatial import build_models
from benchmarks.machine import show
from catalog import catalog
from catalog.dbt_sources import raw_columns
from foundation.files import make_private
from foundation.paths import DataRoot
from ingest.accepted import expose
from ledger import Ledger

EXTRACT = "social_security/contribution"
_RAW = "raw.social_security__contribution"
_STAGED = ("stg_social_security__contribution",)
_MODELS = (
    *_STAGED, "int_social_security__settle_contributions",
    "social_security__contribution_by_employer",
)  # fmt: skip
_BEFORE = ("+int_social_security__link_employers",)
_EMPLOYERS = 4_000


def run(*, contributions: int) -> None:
    """Build the models four times and print seconds, ratios and peak memory."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        root = DataRoot(Path(place) / "data")
        make_private(root.build)
        expose(root, Ledger.open(root), catalog())
        files = [_month(Path(place), n, contributions // 12) for n in range(13)]
        build_models(root, _BEFORE)
        start, _ = build_models(root, ("stg_social_security__employer",))
        rows = []
        for name, before, now in (
            ("full build, 12 months", 0, 12), ("one month more", 12, 13), ("nothing new", 13, 13),
            ("full build, 13 months", 0, 13),
        ):  # fmt: skip
            measured = []
            for models in (_STAGED, _MODELS):
                _stand(root, files[:before], models)
                _show(root, files[:now])
                seconds, mib = build_models(root, models)
                measured.append((max(seconds - start, 0.0), mib))
            (staged, low), (whole, high) = measured
            rows.append((name, staged, whole, max(low, high)))
        base = rows[-1]
    show(
        f"social security: {contributions} contributions a year (dbt's start of {start:.1f} s off)",
        ["build", "staged s", "× full", "all models s", "× full", "peak MiB"],
        [
            [name, f"{staged:.1f}", f"{staged / base[1]:.2f}", f"{whole:.1f}",
             f"{whole / base[2]:.2f}", f"{mib:.0f}"]
            for name, staged, whole, mib in rows
        ],
    )  # fmt: skip


def _month(place: Path, number: int, people: int) -> Path:
    """The accepted rows of one month as one Parquet file; one in a hundred is a back payment."""
    target = place / f"{number}.parquet"
    month = f"(DATE '2017-01-01' + INTERVAL ({number}) MONTH)::DATE"
    told = {
        "delivery_id": f"'m{number}'", "list_id": f"'m{number}'",
        "delivery_order": f"'m{number:02d}'", "line": "i",
        "business_date": month, "known_at": f"{month}::TIMESTAMP",
        "provider": "'human_resources'",
        "payment_no": f"'J{number:02d}' || lpad(i::VARCHAR, 9, '0')",
        "enrolment_no": "'C' || lpad(i::VARCHAR, 9, '0')",
        "resident_id": "'6102021990' || lpad(i::VARCHAR, 7, '0') || 'X'",
        "insurance_type_code": "(CASE i % 4 WHEN 0 THEN '310' ELSE '110' END)",
        "employer_no": f"'D' || (i % {_EMPLOYERS})", "due_month": month,
        "covered_month": f"({month} - INTERVAL ((i % 100 = 0)::INTEGER) MONTH)::DATE",
        "contribution_base": "3000 + i % 5000", "employer_due": "600 + i % 1000",
        "personal_due": "240 + i % 400", "received": "i % 50 > 0",
        "received_month": f"CASE WHEN i % 50 > 0 THEN {month} END",
    }  # fmt: skip
    columns = ", ".join(
        f'CAST({told.get(name, "NULL")} AS {kind}) AS "{name}"'
        for name, (kind, _) in raw_columns(catalog().extracts[EXTRACT]).items()
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {columns} FROM range({people}) AS p(i)) TO '{target}' (FORMAT parquet)"
        )
    return target


def _stand(root: DataRoot, files: list[Path], models: tuple[str, ...]) -> None:
    """Let the tables be what was built of these months, or not there if there are none."""
    with duckdb.connect(str(root.warehouse)) as connection:
        for table in (f"staging.{_STAGED[0]}", f"intermediate.{_MODELS[1]}"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
    if files:
        _show(root, files)
        build_models(root, models)


def _show(root: DataRoot, files: list[Path]) -> None:
    """Let the warehouse see the accepted rows of these months."""
    names = ", ".join(f"'{path}'" for path in files)
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute(f"CREATE OR REPLACE VIEW {_RAW} AS FROM read_parquet([{names}])")
