"""`python -m benchmarks.linkage_train [person|entity …]`: write `linkage/parameters/` again.

The cities it trains on have other seeds than those the benchmark measures. Which record is whose
is not told to the training. The same versions of Splink and DuckDB write the same bytes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import duckdb
import polars as pl

from benchmarks import linkage_city, linkage_firms
from foundation.paths import PROJECT
from linkage import entity, person
from linkage.spec import Spec
from linkage.training import train

_SEED = 610_200
_SPECS: dict[str, Spec] = {"person": person.SPEC, "entity": entity.SPEC}
# People (of the firms' city: people too) and records of each damage.
_SIZES = {"person": (50_000, 1500), "entity": (200_000, 1500)}


def tables(kind: str, seed: int, size: int, per_damage: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records and profiles of a made-up city, as a linker takes them."""
    city = linkage_city if kind == "person" else linkage_firms
    known = city.profiles(seed, size)
    told = city.records(seed, known, per_damage)
    return linkage_city.with_units(told, "R"), linkage_city.with_units(known, "P")


def learn(kind: str) -> dict[str, Any]:
    """The parameters of a kind, as they are kept."""
    size, per_damage = _SIZES[kind]
    records, profiles = tables(kind, _SEED, size, per_damage)
    trained = {
        "how": "python -m benchmarks.linkage_train",
        "when": "2026-11-24",
        "on": f"a simulated city of {size} people, seed {_SEED}: {records.height} records, "
        f"{profiles.height} profiles",
        "with": {name: version(name) for name in ("splink", "duckdb")},
    }
    with duckdb.connect() as connection:
        connection.register("records", records)
        connection.register("profiles", profiles)
        spec = _SPECS[kind]
        return asdict(train(connection, spec, "records", "profiles", seed=_SEED, trained=trained))


def main(kinds: list[str]) -> None:
    """Train the kinds named, or all."""
    for kind in kinds or sorted(_SPECS):
        path = PROJECT / "linkage" / "parameters" / f"{kind}.json"
        text = json.dumps(learn(kind), ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        print(path.relative_to(PROJECT))


if __name__ == "__main__":
    main(sys.argv[1:])
