"""objections list | export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.output import Json, print_json, say, table
from foundation.errors import ConfigurationError
from foundation.paths import DataRoot

app = typer.Typer(no_args_is_help=True, help="Objections (疑义): their life, departments' sheets.")
Provider = Annotated[str | None, typer.Option(help="Only this department's (tax, …).")]
_STATUS_CN = {"opened": "新开", "still": "仍在", "resolved": "已解决"}


@app.command("list")
def list_(
    provider: Provider = None,
    rule: Annotated[str | None, typer.Option(help="Only of this rule (R-POP-01).")] = None,
    status: Annotated[
        Literal["opened", "still", "resolved"] | None,
        typer.Option(help="opened: by the newest release; still: before it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Every objection since when, until when, and what resolved it. No values, no record keys."""
    from catalog import catalog
    from ledger import Ledger, ObjectionLives

    _known(provider)
    if rule is not None and rule not in catalog().rules:
        raise ConfigurationError(f"no rule is called {rule!r}", "see catalog/rules.yml")
    lives = ObjectionLives(Ledger.open(DataRoot.from_environment()))
    newest = max((c.release for c in lives.counts()), default=0)
    found = []
    for life in lives.lives(provider=provider, rule_id=rule):
        is_new = life.first_release == newest
        now = "resolved" if life.resolved_release else "opened" if is_new else "still"
        if status in (None, now):
            found.append((now, life))
    if as_json:
        print_json(
            [
                {
                    "objection_id": o.objection_id,
                    "status": now,
                    "product": o.product,
                    "rule_id": o.rule_id,
                    "provider": o.provider,
                    "extract": o.extract,
                    "attribute": o.attribute,
                    "first_release": o.first_release,
                    "first_date": o.first_date.isoformat(),
                    "last_release": o.last_release,
                    "resolved_release": o.resolved_release,
                    "resolved_date": o.resolved_date.isoformat() if o.resolved_date else None,
                    "resolved_by": list(o.resolved_by),
                }
                for now, o in found
            ]
        )
        return
    table(
        f"疑义 / objections ({len(found)})",
        ("疑义编号", "状态", "规则", "责任部门", "数据资源", "首次提出", "解决日期", "解决的交付"),
        [
            (o.objection_id, _STATUS_CN[now], o.rule_id, o.provider, o.extract, o.first_date,
             o.resolved_date, " ".join(o.resolved_by))
            for now, o in found
        ],
    )  # fmt: skip


@app.command("export")
def export(
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder, made if missing.")],
    provider: Provider = None,
    as_json: Json = False,
) -> None:
    """Write the sheets as of the newest release, one folder for each department: personal data."""
    from catalog import catalog
    from foundation.files import make_private
    from ledger import Ledger, ObjectionLives
    from sharing import Store
    from sharing.objection_delivery import WORKBOOK, write_sheet
    from sharing.objection_sheet import department_sheet

    _known(provider)
    root = DataRoot.from_environment()
    ledger, numbers = Ledger.open(root), Store.of(root).numbers()
    if not numbers:
        raise ConfigurationError("尚无发布 / nothing is released yet", "run: tongchuan nightly")
    release = Store.of(root).release(numbers[-1])
    lives = ObjectionLives(ledger).lives(provider=provider)
    made = []
    for name in sorted({life.provider for life in lives}):
        sheet = department_sheet(root, ledger, catalog(), release, name)
        target = make_private(output) / name
        write_sheet(target, sheet, catalog())
        made.append(
            {
                "provider": name,
                "path": str(target / WORKBOOK),
                "opened": sheet.opened.height,
                "still": sheet.still.height,
                "resolved": sheet.resolved.height,
            }
        )
    if as_json:
        print_json(made)
        return
    for item in made:
        say(f"{item['path']}　新开 {item['opened']}　仍在 {item['still']}　"
            f"已解决 {item['resolved']}")  # fmt: skip


def _known(provider: str | None) -> None:
    from catalog import catalog

    if provider is not None and provider not in catalog().departments:
        known = "、".join(sorted(catalog().departments))
        raise ConfigurationError(f"no department is called {provider!r}", f"one of: {known}")
