"""Who is told when a night fails: a line in alerts.jsonl that any mailer can follow."""

import json

import dagster as dg

from assets.night import Home
from pipelines.environment import settings
from pipelines.jobs import nightly, run_id_of


@dg.run_failure_sensor(name="nightly_failed", monitored_jobs=[nightly])
def nightly_failed(context: dg.RunFailureSensorContext) -> None:
    """Append what happened, what readers see now, and the repair command."""
    home = Home(settings().home)
    status = home.published / "current_status.json"
    facts = json.loads(status.read_text(encoding="utf-8")) if status.is_file() else {}
    line = {"run_id": run_id_of(context.dagster_run.run_id), **facts}
    with (home.root / "alerts.jsonl").open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(line, default=str) + "\n")
