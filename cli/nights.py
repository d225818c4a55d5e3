"""simulate, nightly, rebuild, status, dev."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from cli.output import DONE, LOOK, Json, leave, print_json, progress, say
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot

Day = Annotated[
    datetime | None, typer.Option("--business-date", formats=["%Y-%m-%d"], help="Default: today.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("simulate")(simulate)
    app.command("nightly")(nightly)
    app.command("rebuild")(rebuild)
    app.command("status")(status)
    app.command("dev")(dev)


def simulate(
    people: Annotated[int, typer.Option(min=200, help="About how many people live there.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")],
    nights: Annotated[int, typer.Option(min=1, help="How many nights.")] = 1,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first business date (default 2018-03-29)."),
    ] = None,
    only_night: Annotated[
        int | None, typer.Option(min=1, help="Write only this night's files.")
    ] = None,
    damage: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share of rows that are damaged.")
    ] = 0.02,
    as_json: Json = False,
) -> None:
    """Write what a pretend city's departments drop into the inbox, and the truth beside it."""
    import dataclasses

    from simulator import simulate as run

    if only_night is not None and only_night > nights:
        raise ConfigurationError("--only-night lies beyond --nights", "raise --nights")
    told = {"start": start.date()} if start else {}
    summary = run(
        DataRoot.from_environment(),
        people=people,
        seed=seed,
        nights=nights,
        only_night=only_night,
        damage=damage,
        progress=progress(as_json),
        **told,
    )
    if as_json:
        print_json(dataclasses.asdict(summary))
    else:
        say(
            f"{summary.people} people, {summary.entities} entities: {summary.files} files with "
            f"{summary.rows} rows ({summary.damaged} damaged) in "
            f"{DataRoot.from_environment().inbox}"
        )


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def nightly(
    business_date: Day = None,
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds a file must have been unchanged; 0: take all.")
    ] = 60.0,
    as_json: Json = False,
) -> None:
    """Everything that waits: ingest, build, gate, release. Safe to start twice, kill, repeat."""
    from cli.summary import show
    from orchestration.night import run_night

    report = run_night(
        DataRoot.from_environment(),
        business_date=_day(business_date),
        settle_seconds=settle,
        progress=progress(as_json),
    )
    if as_json:
        print_json(report.document())
    else:
        show(report)
    if report.failure:
        leave(3)
    leave(LOOK if report.attention else DONE)


def rebuild(business_date: Day = None, as_json: Json = False) -> None:
    """Drop build/, raw/ and the analysts' file, and make them again from the archive."""
    from cli.summary import show
    from orchestration.night import run_rebuild

    report = run_rebuild(
        DataRoot.from_environment(),
        business_date=_day(business_date),
        progress=progress(as_json),
    )
    if as_json:
        print_json(report.document())
    else:
        show(report)
    leave(LOOK if report.attention else DONE)


def status(business_date: Day = None, as_json: Json = False) -> None:
    """Deliveries, products (served release, held or not, why), and what is late."""
    from cli.summary import show_status, status_document

    root = DataRoot.from_environment()
    document = status_document(root, _day(business_date))
    if as_json:
        print_json(document)
    else:
        show_status(document)
    leave(LOOK if document["attention"] else DONE)


def dev(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """The Dagster UI. It has no login, so it listens on loopback only."""
    import os
    import subprocess
    import sys

    from foundation.paths import PROJECT
    from orchestration.night import prepare_dagster_home

    root = DataRoot.from_environment()
    prepare_dagster_home(root)
    say(f"http://127.0.0.1:{port}  (data: {root.root}; end with Ctrl-C)")
    command = [
        sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port),
        "--module-name", "orchestration.definitions", "--working-directory", str(PROJECT),
    ]  # fmt: skip
    done = subprocess.run(command, env=dict(os.environ), check=False)  # noqa: S603  (our own words)
    leave(done.returncode)
