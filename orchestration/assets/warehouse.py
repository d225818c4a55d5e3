"""`model/<domain>/<name>` and `product/<domain>/<product>`: one step builds, gates and releases.

One step, because DuckDB has one writer, dbt starts once, and a release is decided over all
products together. It can be run for some models alone, or for the products alone.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    build_dbt_asset_specs,
)

from catalog import ProductContract, catalog
from ledger import ObjectionLives, ProductVerdict
from orchestration.checks import (
    gate_check_results,
    gate_check_specs,
    model_key,
    product_key,
    test_check_results,
)
from orchestration.context import Night
from orchestration.dbt_build import BuildResult
from orchestration.manifest import manifest
from orchestration.resources import NightResource
from orchestration.steps import build_step, publish_step
from sharing import ReleaseOutcome

# dagster-dbt appends the model's SQL to its description; the SQL is in the repository.
_RAW_SQL = "#### Raw SQL"
# A night that did not come shows on every product; whether departments deliver in time is a check.
_FRESH = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=36), warn_window=timedelta(hours=26)
)
# An extract has several raw tables: its rows, those that count no more, keys of rejected rows.
_TRANSLATOR = DagsterDbtTranslator(
    settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)
)
_GRADES_CN = {1: "公开", 2: "内部", 3: "敏感个人信息", 4: "高度敏感"}


def _models() -> list[dg.AssetSpec]:
    """Dbt's models and seeds, with the keys and groups that their own YAML gives them."""
    return [
        spec.replace_attributes(
            description=(spec.description or "").split(_RAW_SQL)[0].strip(),
            owners=["team:data-bureau"],
            kinds={"dbt", "duckdb"},
            # seeds: code lists of the catalogue that models join
            group_name=spec.group_name if spec.group_name not in (None, "default") else "code_list",
        )
        for spec in build_dbt_asset_specs(manifest=manifest(), dagster_dbt_translator=_TRANSLATOR)
    ]


def _tests(keys: frozenset[dg.AssetKey]) -> dict[str, tuple[dg.AssetKey, str]]:
    """Asset and check name of every data test, by unique id."""
    found: dict[str, tuple[dg.AssetKey, str]] = {}
    content = manifest()
    for unique_id, node in content["nodes"].items():
        if node["resource_type"] != "test":
            continue
        attached = node.get("attached_node") or next(
            (i for i in node["depends_on"]["nodes"] if i.startswith("model.")), None
        )
        if attached is None:
            continue
        key = _TRANSLATOR.get_asset_spec(content, attached, None).key
        if key in keys:
            found[unique_id] = (key, node["name"][:100].replace(".", "_"))
    return found


def _product(contract: ProductContract) -> dg.AssetSpec:
    return dg.AssetSpec(
        product_key(contract.id),
        deps=[model_key(contract.domain, contract.model)],
        group_name=contract.domain,
        description=f"{contract.title_cn}：{contract.purpose}",
        owners=[f"team:{contract.owner}"],
        kinds={"parquet", "greatexpectations"},
        freshness_policy=_FRESH,
        metadata={
            "grade": _GRADES_CN[max(c.grade for c in contract.columns)],
            "contract_version": contract.version,
            "columns": len(contract.columns),
            "key": ", ".join(c.name for c in contract.key),
        },
    )


# What models read beside the rows of extracts; the night shows it to them (`ingest.accepted`).
ledger_tables = [
    dg.AssetSpec(["raw", name], group_name="ledger", description=about, kinds={"duckdb"})
    for name, about in (
        ("full_list", "整表报送的数据资源的现行交付"),
        ("correction", "人工更正（catalog/corrections 与数据目录下的 corrections）"),
        ("link_decision", "人工核对的结论：两条记录是否同一主体"),
    )
]
_model_specs = _models()
_model_keys = frozenset(spec.key for spec in _model_specs)
_test_keys = _tests(_model_keys)
_products = sorted(catalog().products.values(), key=lambda c: c.id)


@dg.multi_asset(
    name="build_and_release",
    specs=[*_model_specs, *(_product(c) for c in _products)],
    check_specs=[
        *(dg.AssetCheckSpec(name, asset=key) for key, name in sorted(set(_test_keys.values()))),
        *gate_check_specs(catalog()),
    ],
    can_subset=True,
    retry_policy=dg.RetryPolicy(max_retries=1, delay=20),
    description="dbt build → Great Expectations → one atomic release.",
)
def build_and_release(
    context: dg.AssetExecutionContext, night: NightResource
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Build what is selected; release when products are selected."""
    chosen = context.selected_asset_keys
    checks = context.selected_asset_check_keys
    with night.use() as running:
        running.open_run("night")
        models = chosen & _model_keys
        if models:
            names = () if models == _model_keys else tuple(sorted(k.path[-1] for k in models))
            built = build_step(running, names)
            yield from _report_models(built, models)
            for result in test_check_results(built.nodes, _test_keys):
                if _key(result) in checks:
                    yield result
        if chosen - _model_keys:
            outcome = publish_step(running)
            yield from _report_products(running, outcome, chosen)
            records = gate_check_results(outcome.gate, outcome.verdicts, running.catalog)
            for result in records:
                if _key(result) in checks:
                    yield result
        _raise_for(running)


def _key(result: dg.AssetCheckResult) -> dg.AssetCheckKey:
    assert result.asset_key is not None
    assert result.check_name is not None
    return dg.AssetCheckKey(result.asset_key, result.check_name)


def _report_models(
    built: BuildResult, models: frozenset[dg.AssetKey] | set[dg.AssetKey]
) -> Iterator[dg.MaterializeResult[None]]:
    by_name = {key.path[-1]: key for key in models}
    for node in built.nodes:
        if node.resource_type == "test" or node.status != "success" or node.name not in by_name:
            continue
        key = by_name[node.name]
        metadata: dict[str, Any] = {"seconds": node.seconds}
        if node.relation in built.rows:
            metadata["dagster/row_count"] = built.rows[node.relation]
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _report_products(
    night: Night, outcome: ReleaseOutcome, chosen: frozenset[dg.AssetKey] | set[dg.AssetKey]
) -> Iterator[dg.MaterializeResult[None]]:
    folder = night.root.published / "releases" / str(outcome.number)
    counts = ObjectionLives(night.ledger).counts(outcome.number) if outcome.number else []
    lives = {c.product: {"opened": c.opened, "resolved": c.resolved} for c in counts}
    for verdict in outcome.verdicts:
        key = product_key(verdict.product)
        if verdict.verdict not in ("released", "unchanged") or key not in chosen:
            continue
        metadata = {
            **_product_metadata(verdict, outcome, folder),
            **lives.get(verdict.product, {}),
        }
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _product_metadata(
    verdict: ProductVerdict, outcome: ReleaseOutcome, folder: object
) -> Mapping[str, Any]:
    metadata: dict[str, Any] = {
        "verdict": verdict.verdict,
        "dagster/row_count": verdict.rows or 0,
        "fingerprint": verdict.fingerprint or "",
    }
    if outcome.number is not None:
        metadata["release"] = outcome.number
        metadata["folder"] = dg.MetadataValue.path(str(folder))
    return metadata


def _raise_for(night: Night) -> None:
    if night.failed_models:
        names = ", ".join(sorted(night.failed_models))
        raise dg.Failure(
            description=(
                f"dbt did not build or test: {names}. The products made from them are held; all "
                "others were released. Next: open the first of these models, mend it, run again."
            ),
            allow_retries=False,
        )
