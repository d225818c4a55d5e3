"""Which models cost more than their share when the city grows.

The same night for a city and for one several times as large, every model built anew. What grows
with the city grows by the ratio of their sizes; a join that compares everybody with everybody by
its square, and is seen here long before it is felt in a small city.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks import nightly
from benchmarks.machine import show
from foundation.paths import PROJECT, DataRoot

RATIO = 4
# What a model may cost in the larger city: more than its share, and enough to matter.
_TOLERATED, _FELT_S = 2.0 * RATIO, 1.0
_SHOWN = 12
_DAY = date(2018, 3, 29)


def run(*, people: int, seed: int) -> None:
    """Build both cities, print the models that grew most."""
    small, large = _seconds(people, seed), _seconds(RATIO * people, seed)
    grown = {name: large[name] / max(small.get(name, 0.0), 0.01) for name in large}
    felt = sorted((n for n in large if large[n] >= _FELT_S), key=lambda n: -grown[n])
    lines = [
        [name, f"{small.get(name, 0.0):.2f}", f"{large[name]:.2f}", f"{grown[name]:.1f}×"]
        for name in felt[:_SHOWN]
    ]
    all_small, all_large = sum(small.values()), sum(large.values())
    lines.append(["all models", f"{all_small:.1f}", f"{all_large:.1f}",
                  f"{all_large / all_small:.1f}×"])  # fmt: skip
    headers = ["model", f"{people} people s", f"{RATIO * people} people s", "growth"]
    show("growth: models that cost a second or more in the larger city", headers, lines)
    faster = [name for name in felt if grown[name] > _TOLERATED]
    print(f"  grow more than {_TOLERATED:.0f}×: {', '.join(faster) or 'none'}")


def _seconds(people: int, seed: int) -> dict[str, float]:
    """Seconds of every model over the first night of a city, by name."""
    with tempfile.TemporaryDirectory(prefix="tongchuan-bench-") as place:
        root = DataRoot(Path(place) / "data")
        nightly.command(root, ["simulate", "--people", str(people), "--seed", str(seed),
                               "--nights", "1", "--only-night", "1"])  # fmt: skip
        nightly.night(root, _DAY)
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.growth", str(root.root)],
            cwd=PROJECT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ).stdout  # fmt: skip
    return {str(name): float(seconds) for name, seconds in json.loads(told).items()}


def _build(root: DataRoot) -> None:
    """Build every model and print the seconds of each: the process that `_seconds` starts."""
    from orchestration.dbt_build import build

    built = build(root, _DAY)
    if built.failed_models:
        raise RuntimeError(f"models failed: {', '.join(sorted(built.failed_models))}")
    print(json.dumps({n.name: n.seconds for n in built.nodes if n.resource_type == "model"}))


if __name__ == "__main__":
    _build(DataRoot(Path(sys.argv[1])))
