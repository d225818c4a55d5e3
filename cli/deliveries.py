"""check, receipts, delivery list | show | accept | withdraw."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import DONE, LOOK, By, Json, Reason, leave, login, print_json, say, table
from cli.summary import STATUS_CN
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot

app = typer.Typer(no_args_is_help=True, help="Deliveries and decisions about them.")


def register(main: typer.Typer) -> None:
    """Add the commands of this module that stand at the top."""
    main.command("check")(check)
    main.command("receipts")(receipts)


def check(
    file: Annotated[Path, typer.Argument(help="The file to look at.")],
    extract: Annotated[str, typer.Option(help="DOMAIN/EXTRACT.")],
    provider: Annotated[
        str | None, typer.Option(help="Who delivers it, where any department may (credit).")
    ] = None,
    as_json: Json = False,
) -> None:
    """What would the receipt say? Changes nothing."""
    from tempfile import TemporaryDirectory

    from catalog import catalog
    from ingest.receipt import is_nothing_accepted, receipt_document
    from ingest.service import check_file
    from ledger import Ledger

    root = DataRoot.from_environment()
    with TemporaryDirectory() as empty:
        # nothing is made below the data root, not even an empty ledger
        known = Ledger.open(root if Ledger.exists(root) else DataRoot(Path(empty)))
        outcome = check_file(file, extract, root, known, catalog(), provider)
    document = receipt_document(outcome.record, catalog(), None, outcome.shown_lines)
    if as_json:
        print_json(document)
    else:
        _show(document)
    is_useless = outcome.record.status == "refused" or is_nothing_accepted(document)
    leave(LOOK if is_useless else DONE)


def _show(document: dict[str, Any]) -> None:
    from ingest.receipt import NOTHING_CN, is_nothing_accepted

    counts = document["counts"]
    say(f"{document['file_name']}  {STATUS_CN[document['status']]} / {document['status']}")
    say(
        f"  读取 {counts['read']}  接收 {counts['accepted']}  退回 {counts['rejected']}  "
        f"重复 {counts['duplicate']}  跳过 {document['skipped']}  编码 {document['encoding']}  "
        f"业务日期 {document['business_date']}"
    )
    if is_nothing_accepted(document):
        say(f"  {NOTHING_CN} / nothing was accepted")
    refused = document.get("refused_because")
    if refused:
        say(f"  {refused['rule_id']} {refused['message_cn']}")
        say(f"  处理办法：{refused['remedy_cn']}")
    if document["rules"]:
        table(
            "检查结果",
            ("规则", "处理", "列", "问题", "行数", "处理办法"),
            [
                (
                    r["rule_id"],
                    r["severity"],
                    r["column_cn"],
                    r["title_cn"],
                    r["rows"],
                    r["remedy_cn"],
                )
                for r in document["rules"]
            ],
        )


def receipts(
    provider: Annotated[str | None, typer.Option(help="Only this department's.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Received on or after.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The receipts, and where they lie."""
    from ledger import Ledger
    from orchestration.report import delivery_document

    root = DataRoot.from_environment()
    day = since.date() if since else None
    found = Ledger.open(root).deliveries(provider=provider, received_since=day)
    places = [root.receipts / d.provider / d.extract / d.receipt_id for d in found]
    if as_json:
        print_json(
            [{**delivery_document(d), "folder": str(p)} for d, p in zip(found, places, strict=True)]
        )
        return
    table(
        "回执 / receipts",
        ("收到", "结果", "读取", "接收", "退回", "文件夹"),
        [
            (d.received_at.strftime("%m-%d %H:%M"), STATUS_CN[d.status], d.read, d.accepted,
             d.rejected, p)
            for d, p in zip(found, places, strict=True)
        ],
    )  # fmt: skip


@app.command("list")
def list_deliveries(
    extract: Annotated[str | None, typer.Option(help="DOMAIN/EXTRACT.")] = None,
    provider: Annotated[str | None, typer.Option(help="Only this department's.")] = None,
    as_json: Json = False,
) -> None:
    """Every delivery in the order it came."""
    from ledger import Ledger
    from orchestration.report import delivery_document

    ledger = Ledger.open(DataRoot.from_environment())
    found = ledger.deliveries(extract=extract, provider=provider)
    active = {d.receipt_id for d in ledger.active_deliveries()}
    if as_json:
        print_json([{**delivery_document(d), "is_active": d.receipt_id in active} for d in found])
        return
    table(
        "交付 / deliveries",
        ("回执号", "部门", "数据资源", "文件", "业务日期", "结果", "接收", "退回", "有效"),
        [
            (d.receipt_id, d.provider, d.extract, d.file_name, d.business_date,
             STATUS_CN[d.status], d.accepted, d.rejected, "是" if d.receipt_id in active else "")
            for d in found
        ],
    )  # fmt: skip


@app.command("show")
def show_delivery(
    identity: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False
) -> None:
    """One delivery: what the receipt says, and decisions about it."""
    import dataclasses

    from catalog import catalog
    from ingest.receipt import receipt_document
    from ledger import Ledger

    ledger = Ledger.open(DataRoot.from_environment())
    record = ledger.delivery(identity)
    if record is None:
        raise ConfigurationError(f"no delivery {identity}", "see `tongchuan delivery list`")
    document = receipt_document(record, catalog(), None)
    document["overrides"] = [
        dataclasses.asdict(o) for o in ledger.overrides() if o.target == identity
    ]
    if as_json:
        print_json(document)
        return
    _show(document)
    for override in document["overrides"]:
        say(f"  {override['kind']} by {override['by']} at {override['at']}: {override['reason']}")


@app.command("accept")
def accept(
    identity: Annotated[str, typer.Argument(metavar="ID")],
    reason: Reason,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Let in what an envelope (R-ENV) or control file (R-CTL) refused; undo a withdrawal."""
    from catalog import catalog
    from ingest.service import accept_delivery
    from ledger import Ledger
    from orchestration.report import delivery_document

    root = DataRoot.from_environment()
    record = accept_delivery(root, Ledger.open(root), catalog(), identity, reason, by or login())
    if as_json:
        print_json(delivery_document(record))
    else:
        say(
            f"{identity} 已放行 / let in: {record.accepted} rows accepted, "
            f"{record.rejected} returned"
        )


@app.command("withdraw")
def withdraw(
    identity: Annotated[str, typer.Argument(metavar="ID")],
    reason: Reason,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Take an accepted delivery out; the archive keeps it, the next night builds without it."""
    from ingest.service import withdraw_delivery
    from ledger import Ledger

    root = DataRoot.from_environment()
    withdraw_delivery(Ledger.open(root), root, identity, reason, by or login())
    if as_json:
        print_json({"delivery_id": identity, "withdrawn": True})
    else:
        say(f"{identity} 已撤回 / withdrawn; run `tongchuan nightly` to release without it")
