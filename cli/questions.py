"""sql."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import By, Json, login, print_json, say, table
from foundation.paths import DataRoot


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("sql")(sql)


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT over domain.product tables.")],
    as_of: Annotated[int | None, typer.Option(help="A release number (default: served).")] = None,
    purpose: Annotated[str, typer.Option(help="What for; kept in the ledger.")] = "未说明",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Ask a release, read-only. Who, why, which tables and how many rows are recorded."""
    from ledger import Ledger
    from sharing import query as ask

    root = DataRoot.from_environment()
    answer = ask(root, Ledger.open(root), query, as_of=as_of, by=by or login(), purpose=purpose)
    if as_json:
        print_json(
            {
                "release": answer.release,
                "columns": list(answer.columns),
                "rows": [list(row) for row in answer.rows],
            }
        )
        return
    table(f"发布 {answer.release}", answer.columns, answer.rows)
    say(f"{len(answer.rows)} rows")
