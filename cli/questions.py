"""sql, trace, corrections."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from cli.output import By, Json, login, print_json, say, table
from foundation.paths import DataRoot

corrections = typer.Typer(
    no_args_is_help=True, help="人工更正 / corrections as data (catalog/corrections/README.md)."
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("sql")(sql)
    app.command("trace")(trace)
    app.add_typer(corrections, name="corrections")


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


def trace(
    table_name: Annotated[
        str, typer.Argument(metavar="TABLE", help="domain.product, such as population.person.")
    ],
    key: Annotated[str, typer.Argument(help="The primary key; several columns: a=…,b=… or x/y.")],
    column: Annotated[str | None, typer.Argument(help="A column (default: the whole row).")] = None,
    as_of: Annotated[int | None, typer.Option(help="A release number (default: served).")] = None,
    purpose: Annotated[str, typer.Option(help="What for; kept in the ledger.")] = "未说明",
    by: By = "",
    as_json: Json = False,
) -> None:
    """From a published value to the department, file, line and rule it came from. Recorded."""
    from catalog import catalog
    from ledger import Ledger
    from sharing.trace import Question
    from sharing.trace import trace as ask

    root = DataRoot.from_environment()
    question = Question(table_name, key, column, as_of)
    answer = ask(root, Ledger.open(root), catalog(), question, by=by or login(), purpose=purpose)
    if as_json:
        print_json(dataclasses.asdict(answer))
        return
    say(f"发布 {answer.release}  {answer.table}  " + ", ".join(map(str, answer.key.values())))
    if answer.column:
        say(f"{answer.column} = {'' if answer.value is None else answer.value}")
    for step in answer.steps:
        say(f"  {step}")
    headers = ("选用", "值", "部门", "资源与字段", "文件", "业务日期", "行", "记录", "依据")
    rows = [
        (
            "✓" if told.is_chosen else "",
            told.value,
            told.provider_cn,
            f"{told.extract_cn}.{told.source_column_cn or told.source_column or ''}".rstrip("."),
            told.file_name,
            told.business_date,
            told.line,
            told.record_key,
            told.why + (f"（{told.correction_id}）" if told.correction_id else ""),
        )
        for told in answer.evidence
    ]
    table("来历 / evidence", headers, rows)
    for told in answer.objections:
        say(f"疑义 / objection {told['rule_id']} {told['title_cn']}: {told['objection_id']}")


@corrections.command("list")
def list_corrections(as_json: Json = False) -> None:
    """Every correction and whether it still stands, by the last build."""
    from catalog import catalog
    from catalog.corrections import read_corrections
    from sharing.corrections import STATE_CN, correction_states

    root = DataRoot.from_environment()
    states = {told.correction_id: told.state for told in correction_states(root)}
    found = [
        {
            "correction_id": told.correction_id,
            "domain": told.domain,
            "attribute": told.attribute,
            "provider": told.provider,
            "by": told.decided_by,
            "date": told.decided_date.isoformat(),
            "reason": told.reason_cn,
            "state": states.get(told.correction_id, "unknown"),
        }
        for told in read_corrections(catalog(), root.corrections)
    ]
    if as_json:
        print_json({"corrections": found})
        return
    headers = ("编号", "领域", "属性", "部门", "决定人", "日期", "原因", "状态")
    rows = [(*list(told.values())[:-1], STATE_CN[told["state"]]) for told in found]
    table(f"人工更正 / corrections ({len(found)})", headers, rows)
