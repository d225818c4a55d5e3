"""Where addresses lie and which address people mean: seconds, memory, growth, match rate.

The models that run are dbt's own, over a warehouse with `addresses` standard addresses (with real
county polygons, made-up townships and villages in them) and `people` persons, three to a household,
who write their address in a dozen ways. Each step runs in a process of its own, as in a night, at
the size given and at twice that; its peak memory is that of the process, dbt (about 250 MiB)
included. The match rate is counted against the address each text was made from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.geospatial_city import make_city
from benchmarks.machine import show
from foundation.paths import PROJECT, DataRoot

DAY = date(2018, 3, 31)
_BEFORE = ("+int_population__choose_address", "+int_legal_entity__choose_address",
           "stg_geospatial__standard_address", "stg_geospatial__division_boundary",
           "+int_geospatial__list_division_names")  # fmt: skip
STEPS = {
    "spatial join": ("int_geospatial__locate_addresses",),
    "address matching": ("int_geospatial__list_addresses", "int_geospatial__place_addresses",
                         "int_geospatial__parse_addresses", "int_geospatial__index_addresses",
                         "int_geospatial__match_addresses"),
}  # fmt: skip


def run(*, addresses: int, people: int, seed: int) -> None:
    """Build both steps at one and two times the size, print seconds, memory and growth."""
    found: dict[str, list[tuple[float, float]]] = {step: [] for step in STEPS}
    rate: list[list[str]] = []
    for times in (1, 2):
        with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
            root = DataRoot(Path(place) / "data")
            make_city(root, addresses * times, people * times, seed)
            build_models(root, _BEFORE)
            for step, models in STEPS.items():
                found[step].append(build_models(root, models))
            rate = rate or _rates(root)
    sizes = {"spatial join": f"{addresses} addresses", "address matching": f"{people} people"}
    lines = [
        [
            f"{step}, {sizes[step]}",
            *[f"{seconds:.1f}" for seconds, _ in measured],
            f"{measured[1][0] / measured[0][0]:.1f}×",
            *[f"{mib:.0f}" for _, mib in measured],
        ]
        for step, measured in found.items()
    ]
    headers = ["", "1× s", "2× s", "growth", "1× peak MiB", "2× peak MiB"]
    show("geospatial: the models of a night", headers, lines)
    show(
        "addresses as people write them, against what they were made from",
        ["persons' texts", "number", "right", "wrong", "not matched"],
        rate,
    )


def build_models(root: DataRoot, models: tuple[str, ...]) -> tuple[float, float]:
    """Seconds of the named models, and peak memory (MiB) of the process that ran them."""
    command = [sys.executable, "-m", "benchmarks.geospatial", str(root.root), *models]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"dbt ended with {process.returncode}")
    kib = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return float(json.loads(printed)), kib / 1024


def _rates(root: DataRoot) -> list[list[str]]:
    """Right, wrong and missing matches, by whether the text says enough to tell the house."""
    with duckdb.connect(str(root.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "SELECT CASE WHEN says_house THEN 'say the house' ELSE 'do not' END, count(*), "
            "count(*) FILTER (WHERE m.address_code = t.address_code), "
            "count(*) FILTER (WHERE m.address_code <> t.address_code), "
            "count(*) FILTER (WHERE m.address_code IS NULL) FROM bench.truth AS t "
            "JOIN intermediate.int_geospatial__match_addresses AS m ON m.address = t.address "
            "AND m.stated_division_code = t.division_code GROUP BY 1 ORDER BY 1 DESC"
        ).fetchall()
    return [[str(name), str(n), *[f"{part / n:.2%}" for part in parts]] for name, n, *parts in rows]


def _child(place: str, models: tuple[str, ...]) -> None:
    from orchestration.dbt_build import build

    built = build(DataRoot(Path(place)), DAY, models=models)
    if built.failed_models:
        raise RuntimeError("a model failed")
    seconds = sum(n.seconds for n in built.nodes if n.resource_type == "model")
    sys.stdout.write(json.dumps(seconds) + "\n")


if __name__ == "__main__":
    _child(sys.argv[1], tuple(sys.argv[2:]))
