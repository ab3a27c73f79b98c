"""What each anchor event moved, against what happens by itself in months without one."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from assets.scores.halo.comparison import Comparison
from assets.scores.halo.inputs import (
    NOWHERE,
    AnchorEvent,
    Category,
    Floats,
    HaloSettings,
    Market,
)
from assets.scores.halo.placebo import Placebos, is_enough
from assets.scores.halo.study import OUTCOMES, UNKNOWN, Study

INTERVAL = (95.0, 5.0)  # percentiles of the placebos that the lower and the upper end take off
COLUMNS = (
    "event_id", "outcome", "exposed_n", "control_n", "placebo_n", "effect", "effect_lo",
    "effect_hi", "pretrend_p", "base_rc", "verdict", "reason",
)  # fmt: skip


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
    if not is_enough(found, study.settings) or len(drawn) < study.settings.min_placebos:
        unknown = (UNKNOWN, UNKNOWN, UNKNOWN, found.pretrend_p, UNKNOWN)
        return (*counts, *unknown, "TOO_FEW", _reason(study, outcome, found, len(drawn)))
    low, high = interval(found.effect, drawn)
    estimate = (found.effect, low, high, found.pretrend_p, found.base_rc)
    return (*counts, *estimate, _verdict(found.pretrend_p, low, high, study.settings), None)


def interval(effect: float, drawn: Floats) -> tuple[float, float]:
    """An effect less the 95th and less the 5th percentile of what happens by itself.

    Percentiles of rank p (n + 1) (Hyndman and Fan 1996, type 6): of n exchangeable draws the next
    lies beyond them in one case of ten; beyond the usual ones, with 20 draws, in one of five.
    """
    low, high = (effect - np.percentile(drawn, part, method="weibull") for part in INTERVAL)
    return float(low), float(high)


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
