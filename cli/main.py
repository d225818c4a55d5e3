"""The command line's entry: its groups, and what an error ends with."""

from __future__ import annotations

import os
import sys

import typer

from cli import deliveries, nights, objections, packages, questions, releases, review
from cli.output import INTERNAL, print_json

app = typer.Typer(
    name="tongchuan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="铜川市数据仓库与共享 / the city's data warehouse and sharing pipeline.\n\n"
    "Exit codes: 0 done; 1 done, but a person should look; 2 wrong usage or configuration; "
    "3 an internal error. TONGCHUAN_DATA names the root of the run-time data.",
)
nights.register(app)
deliveries.register(app)
questions.register(app)
app.add_typer(deliveries.app, name="delivery")
app.add_typer(releases.app, name="release")
app.add_typer(packages.app, name="package")
app.add_typer(objections.app, name="objections")
app.add_typer(review.app, name="review")


def main() -> None:
    """Run the command; an error is one short text, never a trace with values in it."""
    from catalog import CatalogError
    from foundation.errors import TongchuanError, safe_error

    os.environ.setdefault("POLARS_MAX_THREADS", str(os.cpu_count() or 1))
    as_json = "--json" in sys.argv
    try:
        # Typer writes wrong usage to stderr itself, unless a document is wanted on stdout.
        sys.exit(app(standalone_mode=not as_json) or 0)
    except typer.TyperException as error:
        _tell(error.format_message(), error.exit_code)
    except (TongchuanError, CatalogError) as error:
        _tell(str(error), error.exit_code)
    except Exception as error:
        if os.environ.get("TONGCHUAN_DEBUG"):
            raise
        text = f"内部错误 / internal error: {safe_error(error)}"
        _tell(f"{text}\n  → TONGCHUAN_DEBUG=1 shows the trace (it may quote values)", INTERNAL)


def _tell(text: str, code: int) -> None:
    if "--json" in sys.argv:
        print_json({"error": text, "exit_code": code})
    elif code == 1:
        typer.echo(text)
    else:
        typer.echo(text, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
