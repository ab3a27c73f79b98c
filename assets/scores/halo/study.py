"""The three outcomes of one region, category and event month, real or placebo."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assets.scores.halo.comparison import Comparison, difference, pretrend_p
from assets.scores.halo.inputs import Category, Floats, HaloSettings, Integers, Market
from assets.scores.halo.matching import match_nearest, standardised, traits

OUTCOMES = ("log_net_revenue", "active_customers", "new_customers")
UNKNOWN = float("nan")
YEAR = 12


@dataclass(frozen=True)
class Study:
    """Everything about one region, one category and one month as month of an event.

    `anchor` is the group behind the event, which is never one of the small ones.
    """

    market: Market
    category: Category
    settings: HaloSettings
    region: int
    month: int
    anchor: int

    @property
    def before(self) -> slice:
        """The months before."""
        return slice(self.month - self.settings.pre_months, self.month)

    @property
    def after(self) -> slice:
        """The months after; the event's own is left out."""
        return slice(self.month + 1, self.month + 1 + self.settings.post_months)

    @property
    def is_told(self) -> bool:
        """Whether the months before, and the classes at their end, are known."""
        known = self.month - self.settings.pre_months >= 0
        return bool(known and self.month <= self.market.n_months and self._is_classed)

    @property
    def _is_classed(self) -> bool:
        return bool(self.market.is_classed[self.month - 1])

    @property
    def is_over(self) -> bool:
        """Whether the feed tells every month after."""
        return self.after.stop <= self.market.n_months

    @cached_property
    def buyers(self) -> tuple[Integers, Integers]:
        """The small groups that bought in the months before, and their regions, by group_id."""
        small = self.market.region[self.month - 1]
        bought = self.category.is_invoiced[self.before].any(axis=0)
        groups = np.flatnonzero(bought & (small >= 0) & (np.arange(len(small)) != self.anchor))
        return groups, small[groups].astype(np.int64)

    @cached_property
    def control_regions(self) -> Integers:
        """The regions, other than the event's, with no anchor event within the months before."""
        touched = self.category.touched_regions(self.month, self.settings.pre_months)
        others = np.setdiff1d(np.arange(self.market.n_regions), touched)
        return others[others != self.region]

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """The exposed groups that found a control, the largest first, and their controls."""
        groups, regions = self.buyers
        revenue = self._revenue(groups)
        is_known = np.isfinite(revenue).all(axis=0)
        groups, regions, revenue = groups[is_known], regions[is_known], revenue[:, is_known]
        size, place = traits(revenue[: self.settings.pre_months])
        is_exposed = regions == self.region
        candidates = np.flatnonzero(np.isin(regions, self.control_regions))
        exposed = np.flatnonzero(is_exposed)
        exposed = exposed[np.argsort(-size[exposed], kind="stable")]
        scaled = standardised(place, np.concatenate([exposed, candidates]))
        control = match_nearest(scaled[exposed], scaled[candidates], self.settings.caliper)
        found = control >= 0
        return groups[exposed[found]], groups[candidates[control[found]]]

    def _revenue(self, groups: Integers) -> Floats:
        """Net revenue of groups in the months before, then in those after that are told."""
        money = self.category.revenue_cc
        return np.concatenate([money[self.before][:, groups], money[self.after][:, groups]])

    def compare(self, outcome: str) -> Comparison:
        """The outcome among the exposed against the controls."""
        if outcome == "new_customers":
            return self._newcomers()
        exposed, control = self.pairs
        if not len(exposed):
            return Comparison(0, 0, UNKNOWN, UNKNOWN)
        is_money = outcome == "log_net_revenue"
        of = _log_revenue if is_money else _activity
        category = self.category
        before = of(category, self.before, exposed), of(category, self.before, control)
        after = of(category, self.after, exposed), of(category, self.after, control)
        return Comparison(
            exposed_n=len(exposed),
            control_n=len(control),
            effect=difference(before, after) if self.is_over else UNKNOWN,
            pretrend_p=pretrend_p(*before),
            base_rc=self._base(exposed) if is_money else UNKNOWN,
        )

    def _base(self, exposed: Integers) -> float:
        """What the exposed brought in the months of the effect a year before."""
        months = slice(self.after.start - YEAR, self.after.stop - YEAR)
        if months.start < 0 or not self.is_over:
            return UNKNOWN
        return float(self.category.revenue_rc[months][:, exposed].sum())

    def _newcomers(self) -> Comparison:
        _, regions = self.buyers
        buyers = np.bincount(regions, minlength=self.market.n_regions + 1)
        controls = self.control_regions[buyers[self.control_regions] > 0]
        n_exposed, n_control = int(buyers[self.region]), int(buyers[controls].sum())
        is_proven = self.before.start >= self.category.first_proven_month
        if not n_exposed or not n_control or not is_proven:
            return Comparison(n_exposed, n_control, UNKNOWN, UNKNOWN)
        before = self._joined(self.before, buyers, controls)
        after = self._joined(self.after, buyers, controls)
        effect = difference(before, after) if self.is_over else UNKNOWN
        return Comparison(n_exposed, n_control, effect, pretrend_p(*before))

    def _joined(self, months: slice, buyers: Integers, controls: Integers) -> tuple[Floats, Floats]:
        """New clients a small group that buys, by month: of the region, mean of the others."""
        category = self.category
        new = np.zeros((months.stop - months.start, len(buyers)))
        is_new = (category.first_month >= months.start) & (category.first_month < months.stop)
        is_new &= (category.first_region >= 0) & (np.arange(len(is_new)) != self.anchor)
        month, region = category.first_month[is_new], category.first_region[is_new]
        np.add.at(new, (month - months.start, region), 1)
        own = new[:, self.region] / buyers[self.region]
        return own, (new[:, controls] / buyers[controls]).mean(axis=1)


def _log_revenue(category: Category, months: slice, groups: Integers) -> Floats:
    money = category.revenue_cc[months][:, groups]
    return np.asarray(np.log1p(np.maximum(0, money)).mean(axis=1), dtype=np.float64)


def _activity(category: Category, months: slice, groups: Integers) -> Floats:
    return np.asarray(category.is_invoiced[months][:, groups].mean(axis=1), dtype=np.float64)
