"""What the halo of events reads from a warehouse, numbered: groups, months and regions."""

from functools import cached_property
from typing import Any

import duckdb
import numpy as np

from assets.scores.halo.inputs import NOBODY, NOWHERE, AnchorEvent, Category, Market
from assets.scores.halo.panel import Extent, category_of, market_of

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


class HaloTables:
    """The models of a warehouse as arrays; one category at a time, so that only one is held."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        connection.execute(NUMBERED)
        self.extent = Extent(*connection.execute(EXTENT).fetchall()[0])

    def market(self) -> Market:
        """The small groups of every month."""
        classed = self._columns(CLASSED)["month_number"].astype(np.int64)
        return market_of(self.extent, self._columns(SMALL), classed)

    @cached_property
    def events(self) -> dict[str, list[AnchorEvent]]:
        """Events under the category that they name, in their order."""
        found: dict[str, list[AnchorEvent]] = {}
        told = self.connection.execute(EVENTS, {"nowhere": NOWHERE, "nobody": NOBODY})
        for event_id, category, month, region, anchor in told.fetchall():
            event = AnchorEvent(event_id, category, region, month, anchor)
            found.setdefault(category, []).append(event)
        return found

    def category(self, name: str) -> Category:
        """One category; an event of all of them concerns each, and each concerns ALL."""
        concerned = [
            event
            for category, events in self.events.items()
            for event in events
            if name in (category, "ALL") or category == "ALL"
        ]
        placed = [event for event in concerned if event.region != NOWHERE]
        return category_of(
            self.extent,
            cells=self._columns(CELLS, category=name),
            joined=self._columns(JOINED, category=name, nowhere=NOWHERE),
            anchors={
                "month_number": np.array([event.month for event in placed], dtype=np.int64),
                "region_number": np.array([event.region for event in placed], dtype=np.int64),
            },
        )

    def _columns(self, statement: str, **parameters: object) -> dict[str, Any]:
        return dict(self.connection.execute(statement, parameters).fetchnumpy())
