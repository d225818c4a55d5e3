"""`python -m benchmarks [what]`: ratios measured in one run; without an argument, all of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import nightly
from benchmarks.machine import facts

_CHOICES = (
    "ingest",
    "nightly",
    "published_air",
    "geospatial",
    "growth",
    "history",
    "linkage",
    "social_security",
    "survivorship",
    "all",
)


def main() -> None:
    """Read the arguments, print the machine, run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=_CHOICES, default="all")
    parser.add_argument("--people", type=int, default=20_000, help="of the city of nightly and growth")
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
    told = parser.parse_args()
    print(facts())
    # The nights first and Polars later: a child's peak memory begins with its parent's.
    if told.which in ("nightly", "all"):
        nightly.run(people=told.people, seed=told.seed)
    if told.which in ("growth", "all"):
        from benchmarks import growth

        growth.run(people=told.people, seed=told.seed)
    if told.which == "published_air" or (told.which == "all" and told.feed):
        from benchmarks import published_air

        if told.feed is None:
            parser.error("published_air needs --feed FILE: a published feed may not be shipped")
        published_air.run(feed=told.feed)
    if told.which in ("geospatial", "all"):
        from benchmarks import geospatial

        geospatial.run(addresses=told.addresses, people=told.residents, seed=told.seed)
    if told.which in ("history", "all"):
        from benchmarks import history

        history.run(people=told.residents)
    if told.which in ("social_security", "all"):
        from benchmarks import social_security

        social_security.run(contributions=told.contributions)
    if told.which in ("survivorship", "all"):
        from benchmarks import survivorship

        survivorship.run(people=told.persons)
    if told.which in ("linkage", "all"):
        from benchmarks import linkage

        linkage.run(seed=told.seed + 1, large=told.unidentified)
    if told.which in ("ingest", "all"):
        from benchmarks import ingest

        ingest.run(rows=told.rows, seed=told.seed, rounds=told.rounds)


if __name__ == "__main__":
    main()
