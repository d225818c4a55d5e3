"""What a night came to, for a person at seven in the morning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.output import say, table
from foundation import clock
from foundation.paths import DataRoot

if TYPE_CHECKING:
    from orchestration.report import NightReport

if TYPE_CHECKING:
    from ledger import RunRecord

STATUS_CN = {
    "accepted": "接收",
    "partly_accepted": "部分接收",
    "refused": "整份退回",
    "duplicate": "重复",
}
VERDICT_CN = {"released": "已发布", "unchanged": "无变化", "held": "扣留", "absent": "未有数据"}
_SHOWN = 40


def show(report: NightReport) -> None:
    """Print a night's (or a rebuild's) report."""
    say()
    if report.status == "idle":
        told = "尚无发布 / nothing is released yet"
        if report.served is not None:
            told = f"仍服务发布 {report.served} / release {report.served} stays served"
        say(f"{report.business_date}: 无新交付 / idle; {told}")
    if report.deliveries:
        shown = report.deliveries[:_SHOWN]
        table(
            f"交付 / deliveries ({len(report.deliveries)})",
            ("回执号", "数据资源", "业务日期", "结果", "读取", "接收", "退回", "重复", "规则"),
            [
                (d.receipt_id, d.extract, d.business_date, STATUS_CN[d.status], d.read, d.accepted,
                 d.rejected, d.duplicate, d.refused_rule)
                for d in shown
            ],
        )  # fmt: skip
        if len(report.deliveries) > _SHOWN:
            say(f"… {len(report.deliveries) - _SHOWN} more: tongchuan delivery list")
    if report.verdicts and report.status != "idle":
        _products(report)
    if any(c.opened or c.resolved for c in report.objections):
        table(
            "疑义 / objections",
            ("产品", "新开", "仍在", "已解决"),
            [(c.product, c.opened, c.still, c.resolved) for c in report.objections],
        )
    for item in report.left_alone:
        say(f"未处理 / left alone: {item.path} — {item.reason_cn}")
    if report.seconds:
        parts = "  ".join(f"{name} {value:.1f} s" for name, value in report.seconds.items())
        say(f"用时 / time: {parts}")
    _closing(report)


def _products(report: NightReport) -> None:
    table(
        f"产品 / products (release {report.served if report.served is not None else '—'})",
        ("产品", "结论", "行数", "原因"),
        [(v.product, VERDICT_CN[v.verdict], v.rows, ", ".join(v.because)) for v in report.verdicts],
    )


def _closing(report: NightReport) -> None:
    root = DataRoot.from_environment()
    if report.release is not None:
        say(f"已发布 / released: {report.release}  {root.published}/releases/{report.release}")
    for correction in report.corrections:
        if correction.state == "mended":
            say(correction.text)
    for told in report.attention:
        say(f"请查看 / look: {told}")
    rejected = [d for d in report.deliveries if d.rejected or d.status == "refused"]
    say("下一步 / next:")
    if rejected:
        first = rejected[0]
        say(f"  receipts and returned rows: {root.receipts}/{first.provider}/{first.extract}/"
            f"{first.receipt_id}/回执.html")  # fmt: skip
    if any(c.opened or c.resolved for c in report.objections):
        say(
            f"  departments' objections:    {root.receipts}/*/疑义/{report.business_date}/疑义.xlsx"
        )
    if report.served is not None:
        say(f"  analysts' file:             {root.analysts}/marts.duckdb")
        say("  question a release:         tongchuan sql \"SELECT count(*) FROM population.person\""
            " --purpose 核对")  # fmt: skip
        say("  give consumers their cut:   tongchuan package build")
    say("  the UI:                     make dev")


def status_document(root: DataRoot, business_date: date | None) -> dict[str, Any]:
    """Where things stand, as JSON."""
    from catalog import catalog
    from ledger import Ledger
    from orchestration.lateness import timeliness
    from orchestration.report import delivery_document, rollback_text, verdict_document
    from sharing.store import Store

    ledger = Ledger.open(root)
    day = business_date or clock.today()
    run_id = ledger.last_verdict_run()
    verdicts = ledger.verdicts(run_id) if run_id is not None else []
    last = ledger.last_run(kinds=("night", "rebuild"))
    newest: dict[str, Any] = {}
    for delivery in ledger.deliveries():
        newest[delivery.extract] = delivery_document(delivery)
    standing = timeliness(ledger, catalog(), day)
    late = [t.extract for t in standing if t.is_late]
    held = [v.product for v in verdicts if v.verdict == "held"]
    attention = [f"held: {p}" for p in held] + [f"late: {e}" for e in late]
    attention += _refused(newest, {t.extract for t in standing}, last)
    attention += [text for v in verdicts if (text := rollback_text(v))]
    if last is not None and last.status == "failed":
        attention.append(f"run {last.run_id} did not end: start `tongchuan nightly` again")
    return {
        "business_date": day.isoformat(),
        "served": Store.of(root).current_number(),
        "last_run": {
            "run_id": last.run_id,
            "kind": last.kind,
            "status": last.status,
            "business_date": last.business_date.isoformat(),
            "started_at": last.started_at.isoformat(timespec="seconds"),
        }
        if last
        else None,
        "extracts": [
            {
                "extract": t.extract,
                "last_business_date": t.last.isoformat() if t.last else None,
                "days": t.days,
                "days_allowed": t.allowed_days,
                "is_late": t.is_late,
                "last_delivery": newest.get(t.extract),
            }
            for t in standing
        ],
        "products": [verdict_document(v) for v in verdicts],
        "attention": attention,
    }


def _refused(newest: Mapping[str, Any], known: set[str], last: RunRecord | None) -> list[str]:
    """Extracts whose newest delivery was refused; of unknown folders those of the last night."""
    since = last.started_at.isoformat(timespec="seconds") if last else ""
    return [
        f"refused: {extract}, {told['refused_rule']}, tongchuan delivery show {told['receipt_id']}"
        for extract, told in sorted(newest.items())
        if told["status"] == "refused" and (extract in known or told["received_at"] >= since)
    ]


def show_status(document: dict[str, Any]) -> None:
    """Print where things stand."""
    say(
        f"业务日期 {document['business_date']}　服务中的发布 / served release: {document['served']}"
    )
    table(
        "数据资源 / extracts",
        ("数据资源", "最近业务日期", "距今天数", "允许", "最近一次结果", "逾期"),
        [
            (e["extract"], e["last_business_date"], e["days"], e["days_allowed"],
             STATUS_CN[e["last_delivery"]["status"]] if e["last_delivery"] else "从未报送",
             "逾期" if e["is_late"] else "")
            for e in document["extracts"]
        ],
    )  # fmt: skip
    if document["products"]:
        table(
            "产品 / products",
            ("产品", "结论", "行数", "原因"),
            [
                (p["product"], VERDICT_CN[p["verdict"]], p["rows"], ", ".join(p["because"]))
                for p in document["products"]
            ],
        )
    for told in document["attention"]:
        say(f"请查看 / look: {told}")
