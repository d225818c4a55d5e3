"""What goes back to a department: receipt.json and 回执.html, without any value of any row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalog import Catalog
from foundation.files import write_json, write_text
from ledger import DeliveryRecord, RuleCount

STATUS_CN = {
    "accepted": "全部接收",
    "partly_accepted": "部分接收",
    "refused": "整份退回",
    "duplicate": "重复报送",
}
DATE_SOURCE_CN = {
    "control": "控制文件",
    "file_name": "文件名",
    "return": "原回执",
    "arrival": "收到日期",
}
NOTHING_CN = "没有一行被接收"
# By rule, what it did, and column: line numbers as `table.shown_lines` shows them.
Lines = Mapping[tuple[str, str, str], Sequence[str]]
ACTION_CN = {"reject": "退回", "blank": "置空", "warn": "提示"}


def receipt_document(
    record: DeliveryRecord, catalog: Catalog, returned_file: str | None, lines: Lines | None = None
) -> dict[str, Any]:
    """The receipt as interfaces.md lays it down (docs/interfaces.md).

    Args:
        lines: the first lines of rules that blanked or warned; the ledger does not keep them.
    """
    refused = None
    if record.refused_rule is not None:
        refused = {
            "rule_id": record.refused_rule,
            "message_cn": record.refused_message_cn,
            "remedy_cn": catalog.rules[record.refused_rule].remedy_cn,
        }
    known = lines or {}
    contract = catalog.extracts.get(record.extract)
    document: dict[str, Any] = {
        "delivery_id": record.delivery_id,
        "receipt_id": record.receipt_id,
        "provider": record.provider,
        "extract": record.extract,
        "title_cn": contract.title_cn if contract else None,
        "file_name": record.file_name,
        "file_sha256": record.file_sha256,
        "business_date": record.business_date.isoformat(),
        "business_date_source": record.date_source,
        "received_at": record.received_at.isoformat(timespec="seconds"),
        "status": record.status,
        "encoding": record.encoding,
        "counts": {
            "read": record.read,
            "accepted": record.accepted,
            "rejected": record.rejected,
            "duplicate": record.duplicate,
        },
        "skipped": record.skipped,
        "return_of": record.return_of,
        "contract_version": record.contract_version,
    }
    if refused is not None:
        document["refused_because"] = refused
    document["rules"] = [
        _rule(r, catalog, record.extract)
        | ({"lines": list(found)} if (found := known.get(_key(r))) else {})
        for r in record.rules
    ]
    if returned_file is not None:
        document["returned_file"] = returned_file
    return document


def _key(count: RuleCount) -> tuple[str, str, str]:
    return count.rule_id, count.severity, count.column


def is_nothing_accepted(document: Mapping[str, Any]) -> bool:
    """Whether rows were read, none was accepted, and yet the delivery is not refused."""
    counts = document["counts"]
    return document["status"] == "partly_accepted" and not counts["accepted"]


def _rule(count: RuleCount, catalog: Catalog, extract: str) -> dict[str, Any]:
    rule = catalog.rules[count.rule_id]
    contract = catalog.extracts.get(extract)
    names = [n for n in count.column.split("、") if n]
    titles = [
        contract.by_name[n].title_cn if contract and n in contract.by_name else n for n in names
    ]
    return {
        "rule_id": count.rule_id,
        "severity": count.severity,
        "column": count.column or None,
        "column_cn": "、".join(titles) or None,
        "title_cn": rule.title_cn,
        "title_en": rule.title_en,
        "remedy_cn": rule.remedy_cn,
        "rows": count.rows,
    }


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("receipt.html.j2")


def write_receipt(folder: Path, document: dict[str, Any], provider_cn: str) -> None:
    """Write receipt.json and 回执.html into the receipt's folder."""
    write_json(folder / "receipt.json", document)
    html = _template().render(
        r={"title_cn": None, "refused_because": None, "returned_file": None, **document},
        provider_cn=provider_cn,
        status_cn=NOTHING_CN if is_nothing_accepted(document) else STATUS_CN[document["status"]],
        hints=sum(rule["severity"] != "reject" for rule in document["rules"]),
        date_source_cn=DATE_SOURCE_CN[document["business_date_source"]],
        action_cn=ACTION_CN,
    )
    write_text(folder / "回执.html", html)
