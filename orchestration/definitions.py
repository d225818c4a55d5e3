"""Everything Dagster is shown, on one page. Nothing is implemented here."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.extracts import take_inbox_asset
from orchestration.assets.warehouse import build_and_release, ledger_tables
from orchestration.jobs import (
    failure_message,
    inbox_sensor,
    ingest_job,
    nightly_job,
    nightly_schedule,
)
from orchestration.resources import NightResource

defs = dg.Definitions(
    assets=[take_inbox_asset, *ledger_tables, build_and_release],
    jobs=[nightly_job, ingest_job],
    schedules=[nightly_schedule],
    sensors=[inbox_sensor, failure_message],
    resources={"night": NightResource()},
    executor=dg.in_process_executor,
)
