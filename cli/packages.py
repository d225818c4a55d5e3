"""package build | verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import DONE, LOOK, By, Json, leave, login, print_json, say, table
from foundation.paths import DataRoot

app = typer.Typer(no_args_is_help=True, help="What consumers are given.")


@app.command("build")
def build(by: By = "", as_json: Json = False) -> None:
    """Cut what the grants give each consumer from the served release; again is a no-op."""
    from catalog import catalog
    from foundation.keys import KeyRing
    from ledger import Ledger
    from sharing import build_packages

    root = DataRoot.from_environment()
    keys = KeyRing(root.keys)
    made = build_packages(root, Ledger.open(root), catalog(), keys, by=by or login())
    if as_json:
        print_json(
            [
                {
                    "consumer": p.consumer,
                    "product": p.product,
                    "release": p.release,
                    "status": p.status,
                    "rows": p.rows,
                    "folder": str(p.folder) if p.folder else None,
                    "replaces": p.replaces,
                }
                for p in made
            ]
        )
        return
    table(
        "数据包 / packages",
        ("接收方", "产品", "发布", "状态", "行数", "替代", "文件夹"),
        [(p.consumer, p.product, p.release, p.status, p.rows, p.replaces, p.folder) for p in made],
    )


@app.command("verify")
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    public_key: Annotated[
        Path | None, typer.Option(help="The city's public key (PEM); default: this installation's.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The check on the consumer's side: signature, hashes, rows, nothing besides."""
    from foundation.keys import PUBLIC_NAME
    from sharing import verify_package

    key = public_key or DataRoot.from_environment().keys / PUBLIC_NAME
    problems = verify_package(folder, key)
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    else:
        for problem in problems:
            say(f"✗ {problem}")
        if not problems:
            say(f"✓ 核验通过 / verified: {folder}")
    leave(LOOK if problems else DONE)
