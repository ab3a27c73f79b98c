"""halo_estimate: what each event at a key account moved among the small clients of its region."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.night import Night
from assets.scores.halo.inputs import HaloSettings
from assets.scores.halo.verdict import judge_events
from assets.scores.halo_tables import HaloTables

INPUTS = (
    "int_event__anchored",
    "int_month__bounded",
    "int_group_month__sized",
    "int_group_month__located",
    "int_group_category__joined",
    "int_group_category_month__earned",
)
TABLE = """
create or replace table scores.halo_estimate as
select
    cast(event_id as varchar) as event_id,
    cast(outcome as varchar) as outcome,
    cast(nullif(cast(exposed_n as double), 'nan') as bigint) as exposed_n,
    cast(nullif(cast(control_n as double), 'nan') as bigint) as control_n,
    cast(nullif(cast(placebo_n as double), 'nan') as bigint) as placebo_n,
    nullif(cast(effect as double), 'nan') as effect,
    nullif(cast(effect_lo as double), 'nan') as effect_lo,
    nullif(cast(effect_hi as double), 'nan') as effect_hi,
    nullif(cast(pretrend_p as double), 'nan') as pretrend_p,
    nullif(cast(base_rc as double), 'nan') as base_rc,
    cast(verdict as varchar) as verdict,
    cast(reason as varchar) as reason
from judged
order by event_id, outcome
"""


@dg.asset(
    key=["scores", "halo_estimate"],
    group_name="scores",
    kinds={"python", "duckdb"},
    deps=[dg.AssetKey(["intermediate", name]) for name in INPUTS],
    pool="warehouse",
)
def halo_estimate(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """What each event at a key account moved among the small clients of its region."""
    with night.stage("score"):
        rows, proven = write_halo_estimate(night.warehouse, night.metrics)
    night.say(f"scores halo_estimate: {rows:,} rows; {proven:,} effects proven")
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "effects_proven": proven})


def write_halo_estimate(warehouse: Path, metrics: Mapping[str, Any]) -> tuple[int, int]:
    """Write scores.halo_estimate into a warehouse file; its rows, and how many are ESTIMATED."""
    settings = HaloSettings.of(metrics)
    with duckdb.connect(str(warehouse)) as connection:
        inputs = HaloTables(connection)
        categories = ((name, inputs.category(name)) for name in inputs.events)
        judged = judge_events(inputs.market(), categories, inputs.events, settings)
        connection.register("judged", judged)
        connection.execute("create schema if not exists scores")
        connection.execute(TABLE)
        connection.unregister("judged")
    return len(judged), int((judged["verdict"] == "ESTIMATED").sum())
