"""From long rows of whole numbers, as a database tells them, to arrays over months and groups."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.scores.halo.inputs import NEVER, NOWHERE, Category, Integers, Market

Columns = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Extent:
    """How many groups, months that the feed tells, finished months and regions there are."""

    n_groups: int
    n_months: int
    n_finished: int
    n_regions: int
    first_proven_month: int


def market_of(extent: Extent, small: Columns, classed_months: Integers) -> Market:
    """The small groups of every month.

    `small` has a row per small group with a known region and month: `group_number`, `month_number`
    and `region_number`; the months in which anybody was classed stand apart.
    """
    region = np.full((extent.n_months, extent.n_groups), NOWHERE, dtype=np.int16)
    month = _whole(small["month_number"])
    told = (month >= 0) & (month < extent.n_months)
    group = _whole(small["group_number"])[told]
    region[month[told], group] = _whole(small["region_number"])[told]
    is_classed = np.zeros(extent.n_months, dtype=bool)
    is_classed[classed_months[(classed_months >= 0) & (classed_months < extent.n_months)]] = True
    return Market(region, is_classed, extent.n_regions, extent.n_finished)


def category_of(extent: Extent, cells: Columns, joined: Columns, anchors: Columns) -> Category:
    """What groups did in a category, and the events that concern it.

    `cells`: group_number, month_number, net_revenue_cc, net_revenue_rc, is_invoiced; a month
    without a row is 0. `joined`: group_number, month_number, region_number of first purchases.
    `anchors`: month_number and region_number of events.
    """
    shape = (extent.n_months, extent.n_groups)
    at = (_whole(cells["month_number"]), _whole(cells["group_number"]))
    revenue_cc, revenue_rc = np.zeros(shape), np.zeros(shape)
    revenue_cc[at] = np.asarray(cells["net_revenue_cc"], dtype=np.float64)
    revenue_rc[at] = np.asarray(cells["net_revenue_rc"], dtype=np.float64)
    is_invoiced = np.zeros(shape, dtype=bool)
    is_invoiced[at] = np.asarray(cells["is_invoiced"], dtype=bool)
    first_month = np.full(extent.n_groups, NEVER, dtype=np.int64)
    first_region = np.full(extent.n_groups, NOWHERE, dtype=np.int64)
    new = _whole(joined["group_number"])
    first_month[new] = _whole(joined["month_number"])
    first_region[new] = _whole(joined["region_number"])
    return Category(
        revenue_cc=revenue_cc,
        revenue_rc=revenue_rc,
        is_invoiced=is_invoiced,
        first_month=first_month,
        first_region=first_region,
        first_proven_month=extent.first_proven_month,
        anchor_region=_whole(anchors["region_number"]),
        anchor_month=_whole(anchors["month_number"]),
    )


def _whole(column: NDArray[np.generic]) -> Integers:
    return np.asarray(column, dtype=np.int64)
