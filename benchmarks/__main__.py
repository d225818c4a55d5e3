"""`python -m benchmarks [what]`: ratios measured in one run; without an argument, all of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.machine import facts

_Arguments = Callable[[argparse.Namespace], dict[str, object]]
# What each is called with, in the order in which all are run: the nights first and Polars later,
# since a child's peak memory begins with its parent's. So each is imported when its turn comes.
_BENCHMARKS: dict[str, _Arguments] = {
    "nightly": lambda told: {"people": told.people, "seed": told.seed},
    "growth": lambda told: {"people": told.people, "seed": told.seed},
    "changed_records": lambda told: {"people": told.people, "seed": told.seed},
    "published_air": lambda told: {"feed": told.feed},
    "geospatial": lambda told: {
        "addresses": told.addresses, "people": told.residents, "seed": told.seed,
    },
    "history": lambda told: {"people": told.residents},
    "social_security": lambda told: {"contributions": told.contributions},
    "survivorship": lambda told: {"people": told.persons},
    "linkage": lambda told: {"seed": told.seed + 1, "large": told.unidentified},
    "ingest": lambda told: {"rows": told.rows, "seed": told.seed, "rounds": told.rounds},
}  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=(*sorted(_BENCHMARKS), "all"), default="all")
    parser.add_argument(
        "--people", type=int, default=20_000, help="nightly, growth, changed_records: of the city"
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="about how many are ingested")
    parser.add_argument("--addresses", type=int, default=300_000, help="standard ones, located")
    parser.add_argument(
        "--residents", type=int, default=750_000, help="whose addresses are matched"
    )
    parser.add_argument("--persons", type=int, default=850_000, help="whose values are chosen")
    parser.add_argument(
        "--unidentified", type=int, default=850_000, help="records and profiles that are linked"
    )
    parser.add_argument("--contributions", type=int, default=5_000_000, help="of a year")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of the ingest")
    parser.add_argument("--seed", type=int, default=610_200)
    parser.add_argument("--feed", type=Path, help="published_air: a CSV of the national feed")
    return parser


def main() -> None:
    """Read the arguments, print the machine, run what was asked for."""
    parser = _parser()
    told = parser.parse_args()
    if told.which == "published_air" and told.feed is None:
        parser.error("published_air needs --feed FILE: a published feed may not be shipped")
    print(facts())
    for name, arguments in _BENCHMARKS.items():
        if name == "published_air" and told.feed is None:
            continue
        if told.which in (name, "all"):
            import_module(f"benchmarks.{name}").run(**arguments(told))


if __name__ == "__main__":
    main()
