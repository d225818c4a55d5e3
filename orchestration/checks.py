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
# One check per gate rule, so that a product's page shows at a glance which kind of rule struck.
GATE_RULES = {
    "R-GATE-01": "key_is_unique",
    "R-GATE-02": "required_is_filled",
    "R-GATE-03": "values_are_listed",
    "R-GATE-04": "references_exist",
    "R-GATE-05": "values_are_in_range",
    "R-GATE-06": "rows_did_not_drift",
    "R-GATE-07": "nulls_did_not_drift",
    "R-GATE-08": "reconciles_with_deliveries",
    "R-GATE-09": "gate_answered",
    "R-GATE-11": "columns_as_in_contract",
}


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
        has_references = any(c.references for c in catalog.products[product].columns)
        for rule, name in GATE_RULES.items():
            if rule == "R-GATE-04" and not has_references:
                continue
            description = f"{rule} {catalog.rules[rule].title_cn}"
            specs.append(dg.AssetCheckSpec(name, asset=key, description=description))
        specs.append(
            dg.AssetCheckSpec(SERVED, asset=key, description="今夜的候选已发布，或与已发布的相同")
        )
    return specs


def gate_check_results(
    records: Iterable[GateRecord], verdicts: Iterable[ProductVerdict], catalog: Catalog
) -> list[dg.AssetCheckResult]:
    """The gate's records by product and rule, and whether each product is served."""
    grouped: dict[tuple[str, str], list[GateRecord]] = {}
    for record in records:
        rule = record.rule_id if record.rule_id in GATE_RULES else "R-GATE-09"
        grouped.setdefault((record.product, rule), []).append(record)
    results = []
    for (product, rule), found in sorted(grouped.items()):
        bad = [r for r in found if r.status in ("failed", "error")]
        results.append(
            dg.AssetCheckResult(
                asset_key=product_key(product),
                check_name=GATE_RULES[rule],
                passed=not bad,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata=_gate_metadata(found, bad, rule, catalog),
            )
        )
    asked = {product for product, _ in grouped}
    for product in sorted(asked - {p for p, rule in grouped if rule == "R-GATE-09"}):
        name = GATE_RULES["R-GATE-09"]
        results.append(
            dg.AssetCheckResult(asset_key=product_key(product), check_name=name, passed=True)
        )
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


def _gate_metadata(
    found: Sequence[GateRecord], bad: Sequence[GateRecord], rule: str, catalog: Catalog
) -> Mapping[str, Any]:
    metadata: dict[str, Any] = {"expectations": len(found), "failed": len(bad)}
    if bad:
        metadata["failed_expectations"] = ", ".join(r.expectation for r in bad)
        metadata["unexpected_rows"] = sum(r.unexpected or 0 for r in bad)
        metadata["next_action"] = catalog.rules[rule].remedy_cn
    return metadata


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
