"""The asset that tells a build which nights to compute and what to remember."""

from collections.abc import Iterator
from datetime import date, datetime

import dagster as dg
import duckdb

from assets import memory
from assets.known import delivery_rows
from assets.night import Night
from assets.transform.project import FIRST_MODEL, compiled

OUTPUTS = {
    **{
        name: ["control", name]
        for name in ("night", "run", "delivery", "waiver", "column_catalogue")
    },
    **{f"config_{name}": ["config", name] for name in memory.TABLE_COLUMNS},
    **{f"memory_{t.name}": ["memory", t.name] for t in memory.memory_tables()},
}


def control_assets(extracts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The schemas control, config and memory of a build, laid when every extract is in."""

    @dg.multi_asset(
        name="control",
        specs=[
            dg.AssetSpec(key, deps=extracts, group_name="control", kinds={"duckdb"})
            for key in OUTPUTS.values()
        ],
        pool="warehouse",
    )
    def control(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
        with night.stage("extract"):
            if night.cutoff is None:
                night.cutoff = cutoff_now(night)
            n_nights = lay(night)
        night.say(f"control: {n_nights} nights to compute")
        for key in OUTPUTS.values():
            yield dg.MaterializeResult(asset_key=dg.AssetKey(key))

    return control


def cutoff_now(night: Night) -> datetime:
    """The moment up to which the night reads: now, and never before a delivery that it has read.

    A clock that was set back would otherwise hide those deliveries from a later run of the night.
    """
    received = [d.received_at for d in night.ledger.deliveries() if d.extract_date <= night.as_of]
    return max([night.clock(), *received])


def lay(night: Night) -> int:
    """Fill control, config and memory of the night's warehouse; the number of nights."""
    plan = night.plan
    is_first_run = plan.remembered is None
    with duckdb.connect(str(night.warehouse)) as connection:
        memory.lay_configuration(connection, night.company)
        memory.lay_memory(connection, plan.remembered)
        memory.lay_deliveries(connection, delivery_rows(night))
        memory.lay_waivers(connection, sorted(night.ledger.waivers(night.as_of)))
    first = _first_delivered_day(night) if is_first_run else None
    nights = memory.nights_to_compute(
        plan.as_of,
        previous=plan.previous_as_of,
        first_delivered=first,
        reconstructed=int(night.metrics["history"]["reconstructed_month_ends"]),
    )
    with duckdb.connect(str(night.warehouse)) as connection:
        memory.lay_control(
            connection,
            night.company,
            nights,
            known_at=night.started_at,
            is_first_run=is_first_run,
        )
    return len(nights)


def _first_delivered_day(night: Night) -> date | None:
    """The first posting date: the month from which the first run reconstructs."""
    with duckdb.connect(str(night.warehouse)) as connection:
        memory.lay_control(
            connection,
            night.company,
            [memory.NightRow(night.as_of, is_reconstructed=False, is_tonight=True)],
            known_at=night.started_at,
            is_first_run=True,
        )
    with duckdb.connect(str(night.warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.begin()
        for schema, name, select in compiled(night.project, FIRST_MODEL):
            connection.execute(f'create schema if not exists "{schema}"')
            connection.execute(f'create or replace view "{schema}"."{name}" as {select}')
        first = memory.first_delivered_day(connection)
        connection.rollback()
    return first
