"""The effects found in months in which nothing of the kind happened.

The distribution is that of randomization inference over time: the same difference in differences
in every month without an event (Abadie, Diamond and Hainmueller, "Synthetic control methods",
JASA 105, 2010, take it over units).
"""

from dataclasses import dataclass, field

import numpy as np

from assets.scores.halo.comparison import Comparison
from assets.scores.halo.inputs import NOBODY, Category, Floats, HaloSettings, Market
from assets.scores.halo.study import OUTCOMES, Study


@dataclass
class Placebos:
    """The placebo effects of each region and anchor in one category, computed once."""

    market: Market
    category: Category
    settings: HaloSettings
    _known: dict[tuple[int, int], dict[str, Floats]] = field(default_factory=dict)

    def study(self, region: int, month: int, anchor: int) -> Study:
        """The study of a month."""
        return Study(self.market, self.category, self.settings, region, month, anchor)

    def of(self, region: int, anchor: int) -> dict[str, Floats]:
        """Effects by outcome of every month with full windows and no event of the region near.

        An anchor that is never small takes nobody out: all such share one computation.
        """
        is_ever_small = anchor >= 0 and bool((self.market.region[:, anchor] >= 0).any())
        proven = self.category.first_proven_month
        is_newcomer = anchor >= 0 and self.category.first_month[anchor] >= max(0, proven)
        key = (region, anchor if is_ever_small or is_newcomer else NOBODY)
        if key not in self._known:
            self._known[key] = self._computed(region, key[1])
        return self._known[key]

    def _computed(self, region: int, anchor: int) -> dict[str, Floats]:
        studies = [self.study(region, month, anchor) for month in self._months(region)]
        told = [study for study in studies if study.is_told and study.is_over]
        compared = {outcome: [s.compare(outcome) for s in told] for outcome in OUTCOMES}
        return {
            outcome: np.array(
                [c.effect for c in found if is_enough(c, self.settings)], dtype=np.float64
            )
            for outcome, found in compared.items()
        }

    def _months(self, region: int) -> list[int]:
        within = self.settings.post_months
        return [
            month
            for month in range(self.market.n_months)
            if region not in self.category.touched_regions(month, within)
        ]


def is_enough(found: Comparison, settings: HaloSettings) -> bool:
    """Whether a comparison has an effect, and as many groups on both sides as it takes."""
    groups = min(found.exposed_n, found.control_n)
    return groups >= settings.min_groups and bool(np.isfinite(found.effect))
