"""What the halo of an event is computed from: arrays over groups and months, and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

NOBODY = -1
NOWHERE = -1
NEVER = -1


@dataclass(frozen=True)
class HaloSettings:
    """The part of metrics.yml, `halo`; months, counts, and the caliper in standard deviations."""

    pre_months: int
    post_months: int
    min_groups: int
    min_placebos: int
    caliper: float
    pretrend_p_min: float

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "HaloSettings":
        """The settings in a metrics.yml."""
        halo = metrics["halo"]
        return cls(
            pre_months=int(halo["pre_months"]),
            post_months=int(halo["post_months"]),
            min_groups=int(halo["min_groups"]),
            min_placebos=int(halo["min_placebos"]),
            caliper=float(halo["caliper"]),
            pretrend_p_min=float(halo["pretrend_p_min"]),
        )


@dataclass(frozen=True)
class Market:
    """Where the small groups are: one entry per group (in order of group_id) and month.

    `region` (months, groups) is the region of a group that is small at the end of the month, else
    NOWHERE; `is_classed` (months,) says whether anybody was classed then. Months run from the
    first delivered one; of `n_finished` finished ones the feed tells the first `months`.
    """

    region: NDArray[np.int16]
    is_classed: Booleans
    n_regions: int
    n_finished: int

    @property
    def n_months(self) -> int:
        """How many months the feed tells."""
        return len(self.is_classed)


@dataclass(frozen=True)
class Category:
    """What the groups of a market did in one category, and the anchor events that concern it.

    `revenue_cc`, `revenue_rc` and `is_invoiced` (months, groups); money that no rate converts is
    NaN. `first_month` and `first_region` (groups,) of the first purchase, NEVER without one; what
    lies before `first_proven_month` proves nothing. `anchor_region` and `anchor_month` (events,).
    """

    revenue_cc: Floats
    revenue_rc: Floats
    is_invoiced: Booleans
    first_month: Integers
    first_region: Integers
    first_proven_month: int
    anchor_region: Integers
    anchor_month: Integers

    def touched_regions(self, month: int, within: int) -> Integers:
        """The regions with an anchor event at most so many months from a month."""
        near = np.abs(self.anchor_month - month) <= within
        return np.unique(self.anchor_region[near])


@dataclass(frozen=True)
class AnchorEvent:
    """An event: `region` NOWHERE where it names none, `month` as an index, the group behind it.

    A region in which no client is counts as one without anybody in it; the index of its own lies
    beyond those of the market.
    """

    event_id: str
    category: str
    region: int
    month: int
    anchor: int
