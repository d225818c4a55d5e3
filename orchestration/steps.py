"""The steps of a night as plain functions; Dagster's assets and `rebuild` call the same ones."""

from __future__ import annotations

import shutil

from foundation.keys import key_id
from foundation.lock import exclusive
from ingest.accepted import expose
from ingest.service import Taking, reingest, take_inbox
from orchestration.build_state import forget, remember, stale, wanted_states
from orchestration.context import Night
from orchestration.dbt_build import BuildResult, build, manifest_path
from orchestration.manifest import manifest
from orchestration.touched import TouchedModels
from sharing import (
    ProductGraph,
    ReleaseOutcome,
    deliver_objections,
    follow_objections,
    recover,
    release_step,
)
from sharing.certificate import code_fingerprint


def ingest_step(night: Night) -> Taking:
    """Take everything that waits."""
    with night.timing.part("ingest"):
        night.taking = take_inbox(
            night.root,
            night.ledger,
            night.catalog,
            settle_seconds=night.settle_seconds,
            progress=night.progress,
        )
    return night.taking


def build_step(night: Night, models: tuple[str, ...] = ()) -> BuildResult:
    """Show the accepted rows to dbt and build what is stale (or the named models).

    A model is stale when something that its rows follow from has changed (`build_state`).
    """
    night.open_gate()
    root = night.root
    with exclusive(root.lock, "build"), night.timing.part("build"):
        shown = expose(root, night.ledger, night.catalog)
        graph = manifest()
        common = " ".join(
            (code_fingerprint(), night.catalog.fingerprint, key_id(night.keys.public_pem()))
        )
        wanted = wanted_states(graph, shown, common, night.business_date)
        tables = {e.id: e.table for e in night.catalog.extracts.values()}
        touched = TouchedModels(root, graph, shown, common, night.business_date, tables)
        chosen = models or touched.with_what_is_touched(stale(root, graph, wanted))
        night.progress(f"dbt: {len(chosen)} / {len(wanted)} 个模型需要重建 / models to build")
        result = BuildResult(())
        if chosen:
            since = None if models else touched.since()
            forget(root, chosen)
            touched.forget(chosen)
            some = chosen if len(chosen) < len(wanted) else ()
            result = build(root, night.business_date, night.progress, some, since)
            touched.remember(remember(root, graph, wanted, result))
    night.failed_models = result.failed_models
    return result


def publish_step(night: Night) -> ReleaseOutcome:
    """Gate, release, and tell the departments what that opened and resolved of their objections."""
    run_id = night.open_run("night")
    with exclusive(night.root.lock, "release"), night.timing.part("gate and release"):
        for told in recover(night.root, night.ledger, night.catalog, night.keys):
            night.progress(told)
        outcome = release_step(
            night.root,
            night.ledger,
            night.catalog,
            night.keys,
            night.open_gate(),
            run_id=run_id,
            business_date=night.business_date,
            graph=ProductGraph.from_manifest(manifest_path(night.root)),
            failed_models=night.failed_models,
        )
        follow_objections(night.root, night.ledger, night.catalog)
        deliver_objections(night.root, night.ledger, night.catalog)
    night.release = outcome.number
    return outcome


def rebuild_steps(night: Night) -> tuple[int, ReleaseOutcome]:
    """Drop everything derived and make it again from the archive.

    Returns:
        How many deliveries now come to another result than the ledger has, and the release step's
        outcome (no new release when every fingerprint is as before).
    """
    with exclusive(night.root.lock, "rebuild"):
        night.open_run("rebuild")
        shutil.rmtree(night.root.build, ignore_errors=True)
        shutil.rmtree(night.root.raw, ignore_errors=True)
        shutil.rmtree(night.root.analysts, ignore_errors=True)
        with night.timing.part("ingest"):
            different = reingest(night.root, night.ledger, night.catalog, progress=night.progress)
        build_step(night)
        return len(different), publish_step(night)
