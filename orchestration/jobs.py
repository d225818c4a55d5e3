"""When things run: the night at 02:00, the inbox sensor between nights, messages on failure."""

import hashlib

import dagster as dg

from foundation.paths import DataRoot
from ingest.inbox import scan
from orchestration.assets.extracts import take_inbox_asset
from orchestration.assets.warehouse import build_and_release

TIME_ZONE = "Asia/Shanghai"
SENSOR_SECONDS = 300

nightly_job = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.assets(take_inbox_asset, build_and_release),
    description="Everything that waits: ingest, build, gate, release. `tongchuan nightly` runs it.",
    executor_def=dg.in_process_executor,
)
ingest_job = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets(take_inbox_asset),
    description="Takes the inbox and answers with receipts; releases nothing.",
    executor_def=dg.in_process_executor,
)
nightly_schedule = dg.ScheduleDefinition(
    name="nightly_at_02",
    job=nightly_job,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Switch it on where cron does not run `tongchuan nightly`.",
)


@dg.sensor(
    job=ingest_job,
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Files wait in the inbox: take them and write receipts. Only the night releases.",
)
def inbox_sensor(_context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for an ingest run when settled files wait; the same files are asked for once."""
    waiting = scan(DataRoot.from_environment()).waiting
    if not waiting:
        return dg.SkipReason("the inbox is empty, or its files are still being written")
    digest = hashlib.sha256()
    for item in waiting:
        digest.update(f"{item.path}\0{item.arrived}\0{item.size}\n".encode())
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=digest.hexdigest()[:32])])


@dg.run_failure_sensor(
    name="say_what_failed",
    monitored_jobs=[nightly_job, ingest_job],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes cause and next action of a failed run into the data root's logs.",
)
def failure_message(context: dg.RunFailureSensorContext) -> None:
    """Append one line to `logs/failures.log`: run, step, cause and next action."""
    from foundation import clock

    log = DataRoot.from_environment().logs / "failures.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    causes = []
    for event in context.get_step_failure_events():
        data = event.event_specific_data
        failure = getattr(data, "user_failure_data", None)
        causes.append(f"{event.step_key}: {failure.description if failure else 'see the run'}")
    with log.open("a", encoding="utf-8") as stream:
        when = clock.now().isoformat(timespec="seconds")
        stream.write(f"{when} run {context.dagster_run.run_id} {' | '.join(causes)}\n")
