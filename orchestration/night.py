"""`tongchuan nightly`: the same Dagster job as the schedule's, in this process."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from foundation import clock
from foundation.errors import TongchuanError, safe_error
from foundation.lock import exclusive
from foundation.paths import PROJECT, DataRoot
from ingest.inbox import DEFAULT_SETTLE_SECONDS
from ingest.taking import archived
from ledger import Ledger
from orchestration.context import Night, active, make_night
from orchestration.nightlog import log_report, night_log
from orchestration.report import NightReport, make_report
from orchestration.state import finish_run, look
from sharing.release import recover
from sharing.store import Store

KEEP_RUNS_DAYS = 90


def prepare_dagster_home(root: DataRoot) -> None:
    """Give Dagster its home below the data root, with the project's dagster.yaml."""
    root.dagster.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(PROJECT / "dagster.yaml", root.dagster / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(root.dagster)
    os.environ["TONGCHUAN_DATA"] = str(root.root)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    # Its event log is SQLite: one transaction for each event costs seconds in a night.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "200")


def run_night(
    root: DataRoot,
    *,
    business_date: date | None = None,
    settle_seconds: float = DEFAULT_SETTLE_SECONDS,
    progress: Callable[[str], None] | None = None,
) -> NightReport:
    """Everything that waits: ingest, build, gate, release.

    Raises:
        BusyError: another process holds the lock.
        ConfigurationError: the configuration is wrong.
    """
    night = make_night(
        root,
        business_date=business_date,
        settle_seconds=settle_seconds,
        progress=progress or (lambda _text: None),
    )
    with exclusive(root.lock, f"nightly {night.business_date}"), active(night), night_log(root):
        for told in recover(root, night.ledger, night.catalog, night.keys):
            night.progress(told)
        seen = look(night)
        if seen.is_idle:
            report = make_report(night, "night", "idle", Store.of(root).current_number())
            report.left_alone = list(seen.scan.left_alone)
            report.verdicts = [
                replace(v, verdict="unchanged") if v.verdict == "released" else v
                for v in report.verdicts  # of the run before, which released it: this one did not
            ]
            return report
        return _work(night)


def _work(night: Night) -> NightReport:
    night.open_run("night")
    night.open_gate()
    night.progress("启动 / starting Dagster and dbt")
    prepare_dagster_home(night.root)
    failure: str | None
    try:
        failure = _run_job(night)
    except TongchuanError:
        finish_run(night, "failed")
        raise
    except Exception as error:  # noqa: BLE001  (said without its text, which may quote a value)
        failure = f"{safe_error(error)}；查看 {night.root.logs} 与 Dagster 的运行记录后重跑"
    served = Store.of(night.root).current_number()
    report = make_report(night, "night", "failed" if failure else "done", served)
    report.failure = failure
    finish_run(night, report.status, _summary(report))
    log_report(report)
    return report


def _summary(report: NightReport) -> dict[str, object]:
    return {
        "release": report.release,
        "deliveries": len(report.deliveries),
        "attention": len(report.attention),
        "seconds": {name: round(value, 3) for name, value in report.seconds.items()},
    }


def _run_job(night: Night) -> str | None:
    """Run the nightly job; returns what failed, or None."""
    with night.timing.part("start-up"):
        import dagster as dg

        logging.getLogger("dagster").setLevel(logging.CRITICAL)
        from orchestration.definitions import defs

        job = defs.resolve_job_def("nightly")
        instance = dg.DagsterInstance.get()
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=quiet)
        failed = [event for event in result.all_events if event.is_step_failure]
        _prune(instance)
    if result.success or not failed:
        return None if result.success else "the run failed; see the Dagster UI"
    told = []
    for event in failed:
        data = getattr(event.event_specific_data, "user_failure_data", None)
        told.append(f"{event.step_key}: {data.description if data else 'see the Dagster UI'}")
    return "; ".join(told)


def _prune(instance: object) -> None:
    """Runs older than `KEEP_RUNS_DAYS` leave Dagster's log; the ledger keeps its own record."""
    import dagster as dg

    assert isinstance(instance, dg.DagsterInstance)
    limit = clock.now() - timedelta(days=KEEP_RUNS_DAYS)
    old = instance.get_run_records(
        filters=dg.RunsFilter(created_before=limit.replace(tzinfo=clock.ZONE)), limit=50
    )
    for record in old:
        instance.delete_run(record.dagster_run.run_id)


def run_rebuild(
    root: DataRoot,
    *,
    business_date: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> NightReport:
    """Drop `build/`, `raw/` and the analysts' file, and make them again from the archive.

    The business date is that of the last run, so that equal inputs give equal products.
    """
    from orchestration.steps import rebuild_steps

    ledger = Ledger.open(root)
    day = business_date or _last_date(root, ledger)
    night = make_night(root, business_date=day, progress=progress or (lambda _text: None))
    with exclusive(root.lock, f"rebuild {night.business_date}"), active(night), night_log(root):
        recover(root, night.ledger, night.catalog, night.keys)
        differs, _ = rebuild_steps(night)
        report = make_report(night, "rebuild", "done", Store.of(root).current_number())
        report.differs = differs
        finish_run(night, "done", _summary(report))
        log_report(report)
        return report


def _last_date(root: DataRoot, ledger: Ledger) -> date | None:
    last = ledger.last_run(kinds=("night", "rebuild"))
    if last is not None:
        return last.business_date
    dates = [d.business_date for d in ledger.deliveries()] + [t.day.day for t in archived(root)]
    return max(dates) if dates else None
