"""`extract/<domain>/<extract>`: what departments delivered, taken in by one step for all."""

from collections.abc import Iterator

import dagster as dg

from catalog import ANY_PROVIDER, ExtractContract, catalog
from ledger import DeliveryRecord
from orchestration.checks import ON_TIME, extract_key
from orchestration.lateness import Timeliness, timeliness
from orchestration.resources import NightResource
from orchestration.steps import ingest_step

_MODE_CN = {"full": "全量", "incremental": "增量", "append": "追加"}


def _spec(contract: ExtractContract) -> dg.AssetSpec:
    anybody = contract.provider == ANY_PROVIDER
    return dg.AssetSpec(
        extract_key(contract.id),
        group_name=contract.domain,
        description=f"{contract.title_cn}：{contract.purpose}",
        owners=[] if anybody else [f"team:{contract.provider}"],
        kinds={contract.formats[0], "parquet"},
        tags={"mode": contract.mode, "cycle": contract.cycle},
        metadata={
            "提供部门": catalog().provider_title(contract.provider),
            "方式": _MODE_CN[contract.mode],
            "contract_version": contract.version,
            "columns": len(contract.columns),
        },
    )


def _check(contract: ExtractContract) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        ON_TIME,
        asset=extract_key(contract.id),
        description=f"按更新周期（{contract.metadata['updateCycle']}）加宽限期及时报送",
    )


_contracts = sorted(catalog().extracts.values(), key=lambda c: c.id)


@dg.multi_asset(
    name="take_inbox",
    specs=[_spec(c) for c in _contracts],
    check_specs=[_check(c) for c in _contracts],
    retry_policy=dg.RetryPolicy(max_retries=1, delay=20),
    description="Takes everything that waits in the inbox; one receipt for each delivery.",
)
def take_inbox_asset(
    context: dg.AssetExecutionContext, night: NightResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Take the inbox; every extract reports what came for it tonight."""
    with night.use() as running:
        running.open_run("ingest")
        taking = ingest_step(running)
        standing = {
            t.extract: t for t in timeliness(running.ledger, running.catalog, running.business_date)
        }
        for contract in _contracts:
            own = [d for d in taking.deliveries if d.extract == contract.id]
            yield dg.MaterializeResult(
                asset_key=extract_key(contract.id),
                metadata=_metadata(own),
                check_results=[_on_time(standing[contract.id])],
            )
        strange = [d for d in taking.deliveries if d.extract not in running.catalog.extracts]
        if strange:
            context.log.warning("%d files lay in folders that no contract knows", len(strange))
        if taking.failed:
            raise dg.Failure(
                description=(
                    f"{len(taking.failed)} deliveries could not be processed: "
                    f"{', '.join(taking.failed)}. Next: read the night's log for the place in the "
                    "code, mend it, run the night again; the files wait in archive/.taking."
                ),
                allow_retries=False,
            )


def _metadata(own: list[DeliveryRecord]) -> dict[str, dg.MetadataValue]:
    counts = {
        name: dg.MetadataValue.int(sum(getattr(d, name) for d in own))
        for name in ("read", "accepted", "rejected", "duplicate")
    }
    statuses = [f"{d.receipt_id} {d.status} {d.refused_rule or ''}".strip() for d in own]
    return {
        "deliveries": dg.MetadataValue.int(len(own)),
        **counts,
        "dagster/row_count": counts["accepted"],
        "receipts": dg.MetadataValue.md("\n".join(f"- `{s}`" for s in statuses) or "—"),
    }


def _on_time(standing: Timeliness) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=extract_key(standing.extract),
        check_name=ON_TIME,
        passed=not standing.is_late,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "last_business_date": str(standing.last or "从未报送 / never came"),
            "days_since": standing.days if standing.days is not None else -1,
            "days_allowed": standing.allowed_days if standing.allowed_days is not None else -1,
        },
    )
