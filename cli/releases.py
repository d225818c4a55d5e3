"""release list | show | diff | verify | rollback | approve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import DONE, LOOK, By, Json, Reason, leave, login, print_json, progress, say, table
from foundation.paths import DataRoot

app = typer.Typer(no_args_is_help=True, help="Releases: what is served, and going back.")
Number = Annotated[int, typer.Argument(metavar="N")]


@app.command("list")
def list_releases(as_json: Json = False) -> None:
    """Every release; the served one is marked."""
    from sharing.store import Store

    store = Store.of(DataRoot.from_environment())
    current = store.current_number()
    rows = [
        {
            "number": number,
            "business_date": release.business_date.isoformat(),
            "released_at": release.released_at.isoformat(timespec="seconds"),
            "products": len(release.products),
            "rows": sum(p.rows for p in release.products.values()),
            "is_served": number == current,
        }
        for number in store.numbers()
        for release in [store.release(number)]
    ]
    if as_json:
        print_json(rows)
        return
    table(
        "发布 / releases",
        ("编号", "业务日期", "发布时间", "产品", "行数", "服务中"),
        [(*list(r.values())[:5], "←" if r["is_served"] else "") for r in rows],
    )


@app.command("show")
def show(number: Number, as_json: Json = False) -> None:
    """One release: its tables, fingerprints and certificate."""
    from sharing.store import Store

    release = Store.of(DataRoot.from_environment()).release(number)
    if as_json:
        print_json({"datapackage": release.datapackage, "certificate": release.certificate})
        return
    say(f"发布 {number}　业务日期 {release.business_date}　{release.released_at:%Y-%m-%d %H:%M}")
    table(
        "产品 / products",
        ("产品", "行数", "指纹 / fingerprint", "文件"),
        [
            (name, served.rows, served.fingerprint, served.path.name)
            for name, served in sorted(release.products.items())
        ],
    )


@app.command("diff")
def diff(
    a: Annotated[int, typer.Argument(metavar="A")],
    b: Annotated[int, typer.Argument(metavar="B")],
    as_json: Json = False,
) -> None:
    """What changed from release A to release B, row by row: counts by product and column."""
    from sharing import diff as compare

    found = compare(DataRoot.from_environment(), a, b)
    if as_json:
        print_json([_difference(d) for d in found])
        return
    table(
        f"发布 {a} → {b}",
        ("产品", "状态", "行数", "新增", "删除", "变化", "变化的列"),
        [
            (d.product, d.status, f"{d.rows[0]} → {d.rows[1]}", d.added, d.removed, d.changed,
             ", ".join(f"{name} {count}" for name, count in d.columns.items()))
            for d in found
        ],
    )  # fmt: skip


def _difference(d: Any) -> dict[str, Any]:
    return {
        "product": d.product,
        "status": d.status,
        "rows": list(d.rows),
        "added": d.added,
        "removed": d.removed,
        "changed": d.changed,
        "columns": dict(d.columns),
    }


@app.command("verify")
def verify(
    number: Annotated[int | None, typer.Argument(metavar="[N]")] = None,
    published: Annotated[
        Path | None, typer.Option(help="Another copy of published/ to check.")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="The public key as it was handed out (PEM).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Signatures, hashes, rows, fingerprints, chain: with the folder and the public key alone."""
    from foundation.keys import PUBLIC_NAME
    from sharing import verify as check
    from sharing.verify import NOTHING

    root = DataRoot.from_environment()
    own = root.keys / PUBLIC_NAME
    key = public_key or (own if published is None and own.exists() else None)
    is_new = published is None and number is None and not root.published.exists()
    problems = [NOTHING] if is_new else check(published or root.published, key, number)
    if as_json:
        document = {"ok": not problems, "problems": problems}
        print_json({**document, "nothing_released": problems == [NOTHING]})
    elif problems:
        for problem in problems:
            say(f"✗ {problem}")
    else:
        say(f"✓ 核验通过 / verified: {'release ' + str(number) if number else 'every release'}")
    leave(LOOK if problems else DONE)


@app.command("rollback")
def rollback(
    number: Number, reason: Reason = "rollback", by: By = "", as_json: Json = False
) -> None:
    """Serve another release; the analysts' file follows."""
    from catalog import catalog
    from foundation.keys import KeyRing
    from ledger import Ledger
    from sharing import rollback as go_back

    root = DataRoot.from_environment()
    keys = KeyRing(root.keys)
    go_back(root, Ledger.open(root), catalog(), keys, number, by=by or login(), reason=reason)
    if as_json:
        print_json({"served": number})
    else:
        say(f"现在服务的是发布 {number} / release {number} is served")


@app.command("approve")
def approve(
    product: Annotated[str, typer.Argument(metavar="PRODUCT")],
    reason: Reason,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Let out a product that the gate held, and release (bound to this very content)."""
    from cli.summary import show as show_report
    from ledger import Ledger
    from orchestration.night import run_night
    from sharing import approve as let_out

    root = DataRoot.from_environment()
    ledger = Ledger.open(root)
    fingerprint = let_out(root, ledger, product, by=by or login(), reason=reason)
    last = ledger.last_run(kinds=("night", "rebuild"))
    report = run_night(
        root,
        business_date=last.business_date if last else None,
        settle_seconds=10**9,  # what still waits in the inbox is for the night
        progress=progress(as_json),
    )
    if as_json:
        print_json({"product": product, "fingerprint": fingerprint, **report.document()})
    else:
        show_report(report)
    leave(LOOK if report.attention else DONE)
