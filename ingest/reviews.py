"""Decisions that people took in 人工核对.xlsx: read, kept in the archive, entered in the ledger.

The archive's copy comes first: a ledger that was lost gets its decisions from there again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from catalog import Catalog
from foundation import clock
from foundation.errors import ConfigurationError
from foundation.failpoint import failpoint
from foundation.files import atomic_folder, fsync_path, write_json
from foundation.lock import exclusive
from foundation.paths import DataRoot
from ingest.refusal import Refusal
from ingest.review_sheet import ANSWERS, DOMAIN, ONE, OTHER, VERDICT
from ingest.sheet import load_sheets
from ledger import Ledger, LinkDecision, LinkDecisions

_MAX_UNPACKED = 1 << 30
_SHEET, _RECORD = "人工核对.xlsx", "review.json"
REASON = "人工核对"


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be taken: where, what, and what to do."""

    sheet: str
    line: int
    column: str
    message_cn: str
    remedy_cn: str


@dataclass(frozen=True)
class Imported:
    """What became of a sheet.

    Attributes:
        counts: decisions by verdict; empty when there were problems.
        is_known: the same sheet was entered before; nothing changed.
    """

    counts: dict[str, int]
    problems: tuple[Problem, ...] = ()
    is_known: bool = False


def import_sheet(path: Path, by: str, root: DataRoot, ledger: Ledger, catalog: Catalog) -> Imported:
    """Take the decisions of a sheet: all of them, or with a problem none.

    Raises:
        ConfigurationError: the file is no workbook of this kind, or holds no decision.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({type(error).__name__})") from None
    sha256 = hashlib.sha256(raw).hexdigest()
    with exclusive(root.lock, "review"):
        restore(root, ledger)
        if sha256 in LinkDecisions(ledger).sheets():
            return Imported({}, is_known=True)
        rows = _rows(raw)
        problems = _problems(rows, catalog)
        if problems:
            return Imported({}, tuple(problems))
        decisions = _decisions(rows, by, sha256)
        if not decisions:
            raise ConfigurationError(
                "the sheet holds no decision", f"fill in the column {VERDICT} and try again"
            )
        _archive(root, raw, decisions)
        failpoint("review.archived")
        LinkDecisions(ledger).enter(decisions, REASON)
    verdicts = [d.verdict for d in decisions]
    return Imported({v: verdicts.count(v) for v in sorted(set(verdicts))})


def restore(root: DataRoot, ledger: Ledger) -> int:
    """Enter the archive's decisions that the ledger lacks; returns the number of sheets."""
    folder = _folder(root)
    if not folder.is_dir():
        return 0
    table = LinkDecisions(ledger)
    known = table.sheets()
    missing = []
    for path in sorted(folder.glob(f"*/{_RECORD}")):
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["sheet_sha256"] not in known:
            missing.append(told)
    for told in sorted(missing, key=lambda t: (t["at"], t["sheet_sha256"])):
        same = {"by": told["by"], "sheet_sha256": told["sheet_sha256"]}
        at = datetime.fromisoformat(told["at"])
        decisions = [LinkDecision(**d, **same, at=at) for d in told["decisions"]]
        table.enter(decisions, REASON)
    return len(missing)


def _folder(root: DataRoot) -> Path:
    return root.archive / "reviews"


def _rows(raw: bytes) -> pl.DataFrame:
    """Sheet, line and the four columns of every row below a header."""
    try:
        sheets = load_sheets(raw, _MAX_UNPACKED)
    except Refusal as refusal:
        raise ConfigurationError(
            f"the workbook cannot be read ({refusal.rule_id})",
            "give the .xlsx that `tongchuan review export` wrote",
        ) from None
    parts = []
    for sheet in sheets:
        if sheet.frame.height == 0:
            continue
        header = [str(v or "").strip() for v in sheet.frame.row(0)]
        if not {ONE, OTHER, DOMAIN, VERDICT} <= set(header):
            continue
        body = sheet.frame[1:]
        named = {n: body.to_series(header.index(n)) for n in (DOMAIN, ONE, OTHER, VERDICT)}
        parts.append(
            pl.DataFrame(named)
            .select(pl.all().cast(pl.String).str.strip_chars().fill_null(""))
            .with_columns(
                sheet=pl.lit(sheet.name), line=pl.int_range(2, body.height + 2, dtype=pl.Int64)
            )
            .filter(pl.any_horizontal(pl.col(DOMAIN, ONE, OTHER, VERDICT) != ""))
        )
    if not parts:
        raise ConfigurationError(
            "no sheet has the columns of a review",
            "give the .xlsx that `tongchuan review export` wrote",
        )
    return pl.concat(parts).with_columns(
        left=pl.min_horizontal(ONE, OTHER), right=pl.max_horizontal(ONE, OTHER)
    )


def _problems(rows: pl.DataFrame, catalog: Catalog) -> list[Problem]:
    """Every cell that cannot be taken, in the order of the sheet."""
    allowed = pl.DataFrame(
        [(domain, answer) for domain, answers in ANSWERS.items() for answer in answers],
        schema={DOMAIN: pl.String, VERDICT: pl.String}, orient="row",
    ).with_columns(is_allowed=True)  # fmt: skip
    judged = rows.join(allowed, on=[DOMAIN, VERDICT], how="left", maintain_order="left")
    keys = "^(" + "|".join(sorted(catalog.extracts)) + r")\|.+\|.+$"
    answers = "、".join(dict.fromkeys(a for told in ANSWERS.values() for a in told))
    answered = pl.col(VERDICT) != ""

    def is_key(column: str) -> pl.Expr:
        of_domain = pl.col(column).str.starts_with(pl.col(DOMAIN) + "/")
        return pl.col(column).str.contains(keys) & of_domain

    one_answer = pl.col(VERDICT).filter(answered).n_unique().over(DOMAIN, "left", "right") > 1
    kept = "恢复导出时的内容，不要改动这一列"
    checks = (
        (DOMAIN, ~pl.col(DOMAIN).is_in(list(ANSWERS)), "不是可核对的领域", kept),
        (ONE, ~is_key(ONE), "不是记录的标识", kept),
        (OTHER, ~is_key(OTHER) | (pl.col(ONE) == pl.col(OTHER)), "不是另一条记录的标识", kept),
        (VERDICT, answered & pl.col("is_allowed").is_null(), "不是可选的结论",
         f"填写下拉列表中的一项（{answers}）或留空"),
        (VERDICT, one_answer & answered, "同一对记录有不同的结论", "只保留一个结论"),
    )  # fmt: skip
    found = [
        Problem(row["sheet"], row["line"], column, message, remedy)
        for column, is_bad, message, remedy in checks
        for row in judged.filter(is_bad).select("sheet", "line").iter_rows(named=True)
    ]
    return sorted(found, key=lambda p: (p.sheet, p.line, p.column))


def _decisions(rows: pl.DataFrame, by: str, sha256: str) -> list[LinkDecision]:
    at = clock.now()
    answered = rows.filter(pl.col(VERDICT) != "").unique(
        [DOMAIN, "left", "right"], keep="first", maintain_order=True
    )
    return [
        LinkDecision(domain, left, right, ANSWERS[domain][answer], by, at, sha256)  # type: ignore[arg-type]  # the verdicts of ANSWERS
        for domain, left, right, answer in answered.select(
            DOMAIN, "left", "right", VERDICT
        ).iter_rows()
    ]


def _archive(root: DataRoot, raw: bytes, decisions: list[LinkDecision]) -> None:
    """Keep the sheet and what was read from it, once."""
    first = decisions[0]
    target = _folder(root) / first.sheet_sha256
    if target.exists():
        return
    told = {
        "sheet_sha256": first.sheet_sha256,
        "by": first.by,
        "at": first.at.isoformat(),
        "decisions": [
            {
                "domain": d.domain,
                "left_record": d.left_record,
                "right_record": d.right_record,
                "verdict": d.verdict,
            }
            for d in decisions
        ],
    }
    with atomic_folder(target) as folder:
        (folder / _SHEET).write_bytes(raw)
        write_json(folder / _RECORD, told)
        for name in (_SHEET, _RECORD):
            (folder / name).chmod(0o600)
            fsync_path(folder / name)
