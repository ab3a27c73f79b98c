"""halo_estimate: what each event at a key account moved among the small clients of its region."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import numpy as np

from assets.night import Night
from assets.scores.halo.inputs import NOBODY, NOWHERE, AnchorEvent, Category, HaloSettings
from assets.scores.halo.panel import Columns, Extent, category_of, market_of
from assets.scores.halo.verdict import judge_events

INPUTS = (
    "int_event__anchored",
    "int_month__bounded",
    "int_group_month__sized",
    "int_group_month__located",
    "int_group_category__joined",
    "int_group_category_month__earned",
)
# Numbers follow the order of the names, so that arrays are in the order of group_id.
NUMBERED = """
create temp table halo_group as
select row_number() over (order by group_id nulls last) - 1 as group_number, group_id
from (
    select group_id from intermediate.int_group_month__sized
    union
    select group_id from intermediate.int_group_category__joined
    union
    select group_id from intermediate.int_group_category_month__earned
);
create temp table halo_region as
select row_number() over (order by region_key nulls last) - 1 as region_number, region_key
from (select distinct region_key from intermediate.int_group_month__located);
create temp macro month_number(month) as
    date_diff('month', (select coalesce(first_month, last_finished_month)
                        from intermediate.int_month__bounded), month);
"""
EXTENT = """
select
    (select count(*) from halo_group),
    greatest(0, coalesce(month_number(last_told_month) + 1, 0)),
    greatest(0, coalesce(month_number(last_finished_month) + 1, 0)),
    (select count(*) from halo_region),
    coalesce(month_number(first_proven_month), 0)
from intermediate.int_month__bounded
"""
CLASSED = """
select distinct month_number(month) as month_number
from intermediate.int_group_month__sized
order by month_number nulls last
"""
SMALL = """
select group_number, month_number(sized.month) as month_number, region_number
from intermediate.int_group_month__sized as sized
inner join intermediate.int_group_month__located as located using (group_id, month)
inner join halo_region using (region_key)
inner join halo_group using (group_id)
where sized.is_small
"""
# A region without clients of ours has a number of its own behind the last.
EVENTS = """
select
    event_id,
    category_key,
    month_number(month) as month_number,
    case
        when event.region_key is null then $nowhere
        else coalesce(region_number, (select count(*) from halo_region))
    end as region_number,
    coalesce(group_number, $nobody) as group_number
from intermediate.int_event__anchored as event
left join halo_region using (region_key)
left join halo_group on event.anchor_group_id = halo_group.group_id
order by category_key, event_id
"""
CELLS = """
select
    group_number,
    month_number(month) as month_number,
    coalesce(cast(net_revenue_cc as double), 'nan') as net_revenue_cc,
    coalesce(cast(net_revenue_rc as double), 'nan') as net_revenue_rc,
    is_invoiced
from intermediate.int_group_category_month__earned
inner join halo_group using (group_id)
where category_key = $category
"""
JOINED = """
select
    group_number,
    month_number(joined.month) as month_number,
    coalesce(region_number, $nowhere) as region_number
from intermediate.int_group_category__joined as joined
inner join halo_group using (group_id)
left join intermediate.int_group_month__located as located
    on joined.group_id = located.group_id and joined.month = located.month
left join halo_region on located.region_key = halo_region.region_key
where category_key = $category
"""
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
        connection.execute(NUMBERED)
        extent = Extent(*(connection.execute(EXTENT).fetchall()[0]))
        classed = _columns(connection, CLASSED)["month_number"].astype(np.int64)
        market = market_of(extent, _columns(connection, SMALL), classed)
        events = _columns(connection, EVENTS, nowhere=NOWHERE, nobody=NOBODY)
        by_category = events_by_category(events)
        categories = _categories(connection, extent, events, list(by_category))
        judged = judge_events(market, categories, by_category, settings)
        connection.register("judged", judged)
        connection.execute("create schema if not exists scores")
        connection.execute(TABLE)
        connection.unregister("judged")
    return len(judged), int((judged["verdict"] == "ESTIMATED").sum())


def events_by_category(events: Columns) -> dict[str, list[AnchorEvent]]:
    """Events under the category that they name, in their order."""
    found: dict[str, list[AnchorEvent]] = {}
    for values in zip(*(events[name].tolist() for name in events), strict=True):
        event_id, category, month, region, anchor = values
        event = AnchorEvent(event_id, category, region, month, anchor)
        found.setdefault(category, []).append(event)
    return found


def _categories(
    connection: duckdb.DuckDBPyConnection, extent: Extent, events: Columns, names: list[str]
) -> Iterator[tuple[str, Category]]:
    """One category after another; an event of all of them concerns each, and each concerns ALL."""
    for name in names:
        of = events["category_key"]
        concerns = (of == name) | (of == "ALL") | (name == "ALL")
        is_placed = concerns & (events["region_number"] != NOWHERE)
        anchors = {key: events[key][is_placed] for key in ("month_number", "region_number")}
        cells = _columns(connection, CELLS, category=name)
        joined = _columns(connection, JOINED, category=name, nowhere=NOWHERE)
        yield name, category_of(extent, cells, joined, anchors)


def _columns(
    connection: duckdb.DuckDBPyConnection, statement: str, **parameters: object
) -> dict[str, Any]:
    return dict(connection.execute(statement, parameters).fetchnumpy())
