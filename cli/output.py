"""Printing: one JSON document with `--json`, tables for people otherwise; exit codes."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, NoReturn

import typer

DONE, LOOK, USAGE, INTERNAL = 0, 1, 2, 3

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
By = Annotated[str, typer.Option("--by", help="Who decides (default: the login).")]


def _not_blank(value: str) -> str:
    if not value.strip():
        raise typer.BadParameter("a reason is needed: it is kept in the ledger and the certificate")
    return value


Reason = Annotated[
    str, typer.Option("--reason", help="Why; kept in the ledger.", callback=_not_blank)
]


def login() -> str:
    """The user name of this session."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> str:
    """A value that JSON has no type for: bytes (geometry, WKB) as hex digits, the rest as text."""
    return value.hex() if isinstance(value, bytes) else str(value)


def _shown(value: Any) -> str:
    """A value for a person: of a decimal, the zeros beyond hundredths are left out."""
    if isinstance(value, Decimal):
        whole, point, part = f"{value:f}".partition(".")
        return whole + point + part[:2] + part[2:].rstrip("0")
    return "" if value is None else _plain(value)


def say(text: str = "") -> None:
    """A line for a person, on stdout."""
    typer.echo(text)


def progress(quiet: bool) -> Any:
    """A function that reports progress on stderr, or nothing with `--json`."""

    def tell(text: str) -> None:
        if not quiet:
            typer.echo(f"  {text}", err=True)

    return tell


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table for a person, as wide as the terminal (at least 100 columns when piped)."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 140)
    grid = Table(title=title, title_justify="left", header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_shown(cell)) for cell in row))
    console.print(grid)


def leave(code: int) -> NoReturn:
    """End with an exit code."""
    raise typer.Exit(code)
