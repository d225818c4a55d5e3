"""review list | export | import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.output import LOOK, By, Json, leave, login, print_json, say, table
from foundation.paths import DataRoot

app = typer.Typer(
    no_args_is_help=True, help="Pairs of records that a person has to look at (人工核对)."
)
_CN = {"population": "人口", "legal_entity": "法人"}
_VERDICT_CN = {"same": "同一主体", "different": "不是同一主体", "unsure": "暂不确定"}


@app.command("list")
def list_(as_json: Json = False) -> None:
    """How many pairs wait in each domain, and how many were decided."""
    from ingest.review_sheet import DOMAINS, waiting
    from ledger import Ledger, LinkDecisions

    root = DataRoot.from_environment()
    standing = LinkDecisions(Ledger.open(root)).standing()
    found = [
        {
            "domain": domain,
            "waiting": waiting(root, domain).height,
            "decided": sum(d.domain == domain for d in standing),
        }
        for domain in DOMAINS
    ]
    if as_json:
        print_json(found)
        return
    table(
        "人工核对 / review",
        ("领域", "待核对", "已有结论"),
        [(_CN[str(f["domain"])], f["waiting"], f["decided"]) for f in found],
    )


@app.command("export")
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="The .xlsx to write.")],
    domain: Annotated[
        Literal["population", "legal_entity"] | None, typer.Option(help="Only this one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write what waits side by side into a workbook that only you can read."""
    from catalog import catalog
    from ingest.review_sheet import DOMAINS, write_sheet

    domains = (domain,) if domain else DOMAINS
    pairs = write_sheet(output, DataRoot.from_environment(), catalog(), domains)
    if as_json:
        print_json({"file": str(output), "pairs": pairs})
    else:
        say(f"{pairs} 对待核对记录已写入 / pairs written to {output}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The workbook with its column 结论 filled in.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Take the decisions of a workbook: all of them, or with a bad cell none."""
    from catalog import catalog
    from ingest.reviews import import_sheet
    from ledger import Ledger

    root = DataRoot.from_environment()
    told = import_sheet(file, by or login(), root, Ledger.open(root), catalog())
    if as_json:
        print_json(
            {
                "decisions": told.counts,
                "is_known": told.is_known,
                "problems": [p.__dict__ for p in told.problems],
            }
        )
    elif told.problems:
        table(
            "没有接收：请改正后再次导入 / nothing was taken",
            ("工作表", "行", "列", "问题", "处理办法"),
            [(p.sheet, p.line, p.column, p.message_cn, p.remedy_cn) for p in told.problems],
        )
    elif told.is_known:
        say("这份核对表已经导入过 / known already: nothing changed")
    else:
        counts = "，".join(f"{_VERDICT_CN[v]} {n}" for v, n in told.counts.items())
        say(f"已记录 / recorded: {counts}；下一次 nightly 起生效")
    if told.problems:
        leave(LOOK)
