"""What each anchor event moved, against what happens by itself in months without one.

The placebo distribution is that of randomization inference over time: the same difference in
differences in every month in which nothing of the kind happened (Abadie, Diamond and Hainmueller,
"Synthetic control methods", JASA 105, 2010, use it over units).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assets.scores.halo.comparison import Comparison
from assets.scores.halo.inputs import (
    NOBODY,
    NOWHERE,
    AnchorEvent,
    Category,
    Floats,
    HaloSettings,
    Market,
)
from assets.scores.halo.study import OUTCOMES, UNKNOWN, Study

INTERVAL = (95.0, 5.0)  # percentiles of the placebos that the lower and the upper end take off
COLUMNS = (
    "event_id", "outcome", "exposed_n", "control_n", "placebo_n", "effect", "effect_lo",
    "effect_hi", "pretrend_p", "base_rc", "verdict", "reason",
)  # fmt: skip


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
        is_newcomer = anchor >= 0 and self.category.first_month[anchor] >= 0
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
                [c.effect for c in found if _is_enough(c, self.settings)], dtype=np.float64
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


def judge_events(
    market: Market,
    categories: Iterable[tuple[str, Category]],
    events: Mapping[str, list[AnchorEvent]],
    settings: HaloSettings,
) -> pd.DataFrame:
    """Three rows an event, one an outcome; `events` by category. Counts are None where unknown.

    Categories are taken one after another, so that only one of them need be in memory.
    """
    rows = [
        _judged(Placebos(market, category, settings), event)
        for name, category in categories
        for event in events[name]
    ]
    return pd.DataFrame([row for group in rows for row in group], columns=list(COLUMNS))


def _judged(placebos: Placebos, event: AnchorEvent) -> list[tuple[object, ...]]:
    if event.region == NOWHERE:
        nothing = (None, None, None, *[UNKNOWN] * 5, "TOO_FEW", "NO_SOURCE")
        return [(event.event_id, outcome, *nothing) for outcome in OUTCOMES]
    study = placebos.study(event.region, event.month, event.anchor)
    drawn = placebos.of(event.region, event.anchor)
    return [(event.event_id, name, *_row(study, name, drawn[name])) for name in OUTCOMES]


def _row(study: Study, outcome: str, drawn: Floats) -> tuple[object, ...]:
    """Counts, effect, interval, p of the trend before, base, verdict and reason of one outcome."""
    if not study.is_told:
        is_ahead = study.month > study.market.n_months
        reason = "STALE" if is_ahead else "NO_HISTORY"
        return (None, None, len(drawn), *[UNKNOWN] * 5, "TOO_FEW", reason)
    found = study.compare(outcome)
    counts = (found.exposed_n, found.control_n, len(drawn))
    if not _is_enough(found, study.settings) or len(drawn) < study.settings.min_placebos:
        unknown = (UNKNOWN, UNKNOWN, UNKNOWN, found.pretrend_p, UNKNOWN)
        return (*counts, *unknown, "TOO_FEW", _reason(study, outcome, found, len(drawn)))
    low, high = (found.effect - np.percentile(drawn, part) for part in INTERVAL)
    estimate = (found.effect, float(low), float(high), found.pretrend_p, found.base_rc)
    return (*counts, *estimate, _verdict(found.pretrend_p, low, high, study.settings), None)


def _is_enough(found: Comparison, settings: HaloSettings) -> bool:
    groups = min(found.exposed_n, found.control_n)
    return groups >= settings.min_groups and bool(np.isfinite(found.effect))


def _reason(study: Study, outcome: str, found: Comparison, placebo_n: int) -> str:
    """Why an effect cannot be told, the first that applies in the order of the conventions."""
    settings = study.settings
    is_proven = study.before.start >= study.category.first_proven_month
    if outcome == "new_customers" and not is_proven:
        return "NO_HISTORY"
    is_finished = study.after.stop <= study.market.n_finished
    if is_finished and not study.is_over:
        return "STALE"
    few = min(found.exposed_n, found.control_n) < settings.min_groups
    return "TOO_FEW" if few or placebo_n < settings.min_placebos else "NOT_DUE"


def _verdict(pretrend: float, low: float, high: float, settings: HaloSettings) -> str:
    if pretrend < settings.pretrend_p_min:
        return "PRETREND_FAILS"
    return "NOT_DISTINGUISHABLE_FROM_ZERO" if low <= 0 <= high else "ESTIMATED"
