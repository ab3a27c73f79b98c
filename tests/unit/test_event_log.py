"""What a night writes to Dagster's history is what `make dev` reads there."""

import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from pipelines.environment import dagster_home
from pipelines.event_log import instance_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", "set by dagster_home, and put back afterwards")
    return dagster_home(tmp_path)


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="counted")])
def counted() -> dg.MaterializeResult:
    return dg.MaterializeResult(
        metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)]
    )


def test_dagster_s_own_log_shows_the_runs_assets_and_checks_of_a_night(folder: Path) -> None:
    with instance_of(folder) as instance:
        done = dg.materialize([counted], instance=instance)

    with dg.DagsterInstance.get() as shown:
        assert [run.run_id for run in shown.get_runs()] == [done.run_id]
        written = {event.dagster_event_type for event in shown.all_logs(done.run_id)}
        [record] = shown.get_asset_records([dg.AssetKey("counted")])
        materialized = record.asset_entry.last_materialization
        key = dg.AssetCheckKey(dg.AssetKey("counted"), "holds")
        checks = shown.event_log_storage.get_asset_check_execution_history(key, limit=5)

    assert {dg.DagsterEventType.RUN_START, dg.DagsterEventType.RUN_SUCCESS} <= written
    assert materialized is not None
    assert materialized.run_id == done.run_id
    assert [check.status.value for check in checks] == ["SUCCEEDED"]


def test_a_night_leaves_no_open_file_behind(folder: Path) -> None:
    with instance_of(folder) as instance:
        done = dg.materialize([counted], instance=instance)

    for shard in ("index", done.run_id):
        path = folder / "history" / "runs" / f"{shard}.db"
        assert not path.with_name(f"{shard}.db-wal").exists()
        with sqlite3.connect(path) as connection:
            [(found,)] = connection.execute("select count(*) from event_logs").fetchall()
        assert found > 0
