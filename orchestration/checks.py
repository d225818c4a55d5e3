"""Asset checks: lateness of an extract, dbt's data tests, the gate's verdicts by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from catalog import Catalog
from ledger import GateRecord, ProductVerdict
from orchestration.dbt_build import NodeResult

ON_TIME = "is_on_time"
SERVED = "is_served"
# One check for all of a product's expectations, with a line for each rule: every check is an event
# in Dagster's log, which is SQLite, and a hundred of them cost a night more than the gate itself.
GATE = "passes_the_gate"


def extract_key(extract: str) -> dg.AssetKey:
    """`extract/<domain>/<extract>`."""
    return dg.AssetKey(["extract", *extract.split("/")])


def product_key(product: str) -> dg.AssetKey:
    """`product/<domain>/<product>`."""
    return dg.AssetKey(["product", *product.split(".")])


def model_key(domain: str, name: str) -> dg.AssetKey:
    """`model/<domain>/<name>`."""
    return dg.AssetKey(["model", domain, name])


def gate_check_specs(catalog: Catalog) -> list[dg.AssetCheckSpec]:
    """The checks of every product."""
    specs = []
    for product in sorted(catalog.products):
        key = product_key(product)
        about = "Great Expectations：所有期望都通过（按规则列出）"
        specs.append(dg.AssetCheckSpec(GATE, asset=key, description=about))
        about = "今夜的候选已发布，或与已发布的相同"
        specs.append(dg.AssetCheckSpec(SERVED, asset=key, description=about))
    return specs


def gate_check_results(
    records: Iterable[GateRecord], verdicts: Iterable[ProductVerdict], catalog: Catalog
) -> list[dg.AssetCheckResult]:
    """The gate's records of each product, and whether it is served."""
    grouped: dict[str, list[GateRecord]] = {}
    for record in records:
        grouped.setdefault(record.product, []).append(record)
    results = [
        dg.AssetCheckResult(
            asset_key=product_key(product),
            check_name=GATE,
            passed=not any(_is_bad(r) for r in found),
            metadata=_gate_metadata(found, catalog),
        )
        for product, found in sorted(grouped.items())
    ]
    for verdict in verdicts:
        if verdict.verdict == "absent":
            continue
        results.append(
            dg.AssetCheckResult(
                asset_key=product_key(verdict.product),
                check_name=SERVED,
                passed=verdict.verdict != "held",
                metadata={"verdict": verdict.verdict, "because": ", ".join(verdict.because)},
            )
        )
    return results


def _is_bad(record: GateRecord) -> bool:
    return record.status in ("failed", "error")


def _gate_metadata(found: Sequence[GateRecord], catalog: Catalog) -> Mapping[str, Any]:
    """Counts, and a table with a line for each rule: never a value."""
    lines = ["| 规则 | 内容 | 期望数 | 未通过 | 不符行数 | 处理办法 |", "|---|---|---|---|---|---|"]
    for rule_id in sorted({r.rule_id for r in found}):
        own = [r for r in found if r.rule_id == rule_id]
        bad = [r for r in own if _is_bad(r)]
        rule, rows = catalog.rules[rule_id], sum(r.unexpected or 0 for r in bad)
        remedy = rule.remedy_cn if bad else ""
        lines.append(
            f"| {rule_id} | {rule.title_cn} | {len(own)} | {len(bad)} | {rows} | {remedy} |"
        )
    failed = sorted(r.expectation for r in found if _is_bad(r))
    return {
        "expectations": len(found),
        "failed": len(failed),
        "failed_expectations": ", ".join(failed) or "—",
        "rules": dg.MetadataValue.md("\n".join(lines)),
    }


def test_check_results(
    nodes: Iterable[NodeResult], keys: Mapping[str, tuple[dg.AssetKey, str]]
) -> list[dg.AssetCheckResult]:
    """Dbt's data tests; `keys` gives asset and check name of each test's unique id."""
    results = []
    for node in nodes:
        if node.unique_id in keys and node.status != "skipped":
            key, name = keys[node.unique_id]
            results.append(
                dg.AssetCheckResult(
                    asset_key=key,
                    check_name=name,
                    passed=node.status in ("pass", "warn"),
                    metadata={"failures": node.failures or 0, "seconds": node.seconds},
                )
            )
    return results
