"""Dagster's event log with open connections holds what Dagster's own would hold."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from foundation.paths import DataRoot
from orchestration.event_log import EventLog
from orchestration.night import prepare_dagster_home


@dg.multi_asset(
    specs=[dg.AssetSpec("a"), dg.AssetSpec("b", deps=["a"])],
    check_specs=[dg.AssetCheckSpec("fine", asset="b")],
)
def made():
    yield dg.MaterializeResult("a", metadata={"rows": 1})
    yield dg.MaterializeResult(
        "b", metadata={"rows": 2}, check_results=[dg.AssetCheckResult(passed=False)]
    )


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("DAGSTER_HOME", "TONGCHUAN_DATA", "DAGSTER_EVENT_BATCH_SIZE"):
        monkeypatch.setenv(name, "200")  # so that what is set now is taken back
    root = DataRoot(tmp_path)
    prepare_dagster_home(root)
    return root.dagster


def _run(instance):
    return dg.materialize([made], instance=instance).run_id


def _types(log, run_id):
    return [e.dagster_event.event_type_value for e in log.get_logs_for_run(run_id)]


def test_dagsters_own_log_reads_the_same(home):
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        assert isinstance(log, EventLog)
        first, second = _run(instance), _run(instance)  # the one leaves, the other enters
        own = SqliteEventLogStorage(str(home / "history" / "runs"))
        own.register_instance(instance)
        for run_id in (first, second):
            told = _types(own, run_id)
            assert told == _types(log, run_id)
            assert told.count("ASSET_MATERIALIZATION") == 2
            assert told.count("ASSET_CHECK_EVALUATION") == 1
            assert told[-1] == "PIPELINE_SUCCESS"
        keys = [dg.AssetKey("a"), dg.AssetKey("b")]
        records = own.get_asset_records(keys)
        assert {r.asset_entry.last_run_id for r in records} == {second}
        assert records == log.get_asset_records(keys)
        key = dg.AssetCheckKey(dg.AssetKey("b"), "fine")
        (check,) = own.get_asset_check_execution_history(key, limit=1)
        assert check.run_id == second
        assert check.status.value == "FAILED"


def test_a_batch_that_breaks_leaves_nothing_and_no_lock(home):
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        run_id = _run(instance)
        entries = log.get_logs_for_run(run_id)
        before = len(entries)
        broken = entries[0]._replace(timestamp=None)
        with pytest.raises(Exception, match=r"timestamp|NoneType|float"):
            log.store_event_batch([entries[1], broken])
        assert len(log.get_logs_for_run(run_id)) == before
        log.store_event_batch([entries[1], entries[1]])
        assert len(log.get_logs_for_run(run_id)) == before + 2
