"""The job that matters, its schedule, and the run context that Dagster hands to assets."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets.company import Company
from assets.night import Night
from pipelines.environment import Settings
from pipelines.runs import due_nights, open_night

NIGHTLY = "nightly"
NIGHTLY_AT = "15 4 * * *"

nightly = dg.define_asset_job(
    name=NIGHTLY,
    description="Rebuild everything for one night, from extract to publish.",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
)


def run_id_of(dagster_run_id: str) -> str:
    """The run id of the ledger for a Dagster run."""
    return f"run-{dagster_run_id.replace('-', '')[:16]}"


def night_resource(settings: Settings) -> dg.ResourceDefinition:
    """The run context: the night of the job `nightly`; any other selection is a table run."""

    @dg.resource(
        config_schema={
            "as_of": dg.Field(dg.Noneable(str), is_required=False, default_value=None),
            "trigger_kind": dg.Field(str, is_required=False, default_value="dagster"),
            "what_if": dg.Field(dg.Noneable(str), is_required=False, default_value=None),
        }
    )
    def night(context: dg.InitResourceContext) -> Iterator[Night]:
        run = context.run
        if run is None:
            raise dg.DagsterInvariantViolationError("a night needs a run")
        what_if = context.resource_config["what_if"]
        as_of = None
        if run.job_name == NIGHTLY:
            as_of = due_nights(settings, context.resource_config["as_of"])[-1]
        with open_night(
            settings,
            run_id=run_id_of(run.run_id),
            trigger_kind=context.resource_config["trigger_kind"],
            as_of=as_of,
            what_if=Path(what_if) if what_if else None,
        ) as opened:
            yield opened

    return night


def nightly_schedule(company: Company, settings: Settings) -> dg.ScheduleDefinition:
    """Every night at 04:15 of the company: the missing nights in order, then the newest."""

    @dg.schedule(
        name="nightly_schedule",
        job=nightly,
        cron_schedule=NIGHTLY_AT,
        execution_timezone=company.time_zone.key,
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        due = due_nights(settings, None)
        for day in due:
            kind = "schedule" if day == due[-1] else "catch_up"
            yield dg.RunRequest(
                run_key=None,
                run_config={
                    "resources": {
                        "night": {"config": {"as_of": day.isoformat(), "trigger_kind": kind}}
                    }
                },
                tags={"dagster/priority": "10"},
            )

    return schedule
