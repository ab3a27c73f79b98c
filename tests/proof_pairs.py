"""Forecasts and outcomes for the tests of the proof, a few words a pair."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.proof.forecasts import AmountForecast, Probability
from assets.scores.proof.night import backtest_night
from assets.scores.proof.pairs import Pairs, ProofSettings

SETTINGS = ProofSettings(
    pool_months=36,
    pool_months_1095=72,
    min_events=1,
    min_non_events=1,
    min_groups=1,
    min_independent_cutoffs=2,
    bootstrap=500,
    interval=(0.05, 0.95),
)
NIGHT = date(2026, 3, 31)
LAST_MATURED = "2025-12-31"
RIVAL = "baseline:last_12m"


def _base(n: int, cutoffs: Sequence[str], groups: Sequence[str] | None) -> dict[str, Any]:
    names = [f"G{place:04}" for place in range(n // len(cutoffs))] * len(cutoffs)
    return {
        "score_id": "ltv",
        "horizon_days": 90,
        "cutoff_date": np.repeat(np.array(cutoffs, dtype="datetime64[D]"), n // len(cutoffs)),
        "group_id": np.array(groups if groups is not None else names, dtype=object),
        "is_key": np.zeros(n, dtype=bool),
        "fit_segment": np.full(n, "RETAIL", dtype=object),
        "is_known": np.ones(n, dtype=bool),
        "config_version": np.full(n, "c1", dtype=object),
    }


def amounts(
    actual: Any,
    mean: Any,
    rivals: Mapping[str, Any] | None = None,
    *,
    percentiles: Any = None,
    cutoffs: Sequence[str] = (LAST_MATURED,),
    groups: Sequence[str] | None = None,
    **others: Any,
) -> Pairs:
    """Pairs of an amount, each group at each cut-off; without percentiles they equal the mean."""
    actual, mean = np.asarray(actual, dtype=float), np.asarray(mean, dtype=float)
    if percentiles is None:
        percentiles = np.repeat(mean[:, None], 99, axis=1)
    is_without_order = others.pop("is_without_order", actual == 0)
    rivals = {RIVAL: mean + 1.0} if rivals is None else rivals
    fields = _base(len(actual), cutoffs, groups) | {"outcome": "ORDERS", "horizon_months": 3}
    return Pairs(
        **fields
        | {
            "actual": actual,
            "score": AmountForecast(mean, np.asarray(percentiles, float), is_without_order),
            "rivals": {name: np.asarray(point, dtype=float) for name, point in rivals.items()},
        }
        | others
    )


def events(
    actual: Any,
    probability: Any,
    rivals: Mapping[str, Any] | None = None,
    *,
    cutoffs: Sequence[str] = (LAST_MATURED,),
    groups: Sequence[str] | None = None,
    **others: Any,
) -> Pairs:
    """Pairs of an event, each group at each cut-off."""
    actual = np.asarray(actual, dtype=float)
    rivals = {RIVAL: np.zeros(len(actual))} if rivals is None else rivals
    fields = _base(len(actual), cutoffs, groups) | {"outcome": "NO_ORDER_90"}
    return Pairs(
        **fields
        | {
            "horizon_months": None,
            "actual": actual,
            "score": Probability(np.asarray(probability, dtype=float)),
            "rivals": {name: np.asarray(point, dtype=float) for name, point in rivals.items()},
        }
        | others
    )


def table(
    *pairs: Pairs,
    as_of: date = NIGHT,
    settings: ProofSettings = SETTINGS,
    with_channels: bool = False,
) -> pd.DataFrame:
    """The rows of a night."""
    return backtest_night(pairs, as_of=as_of, settings=settings, with_channels=with_channels)


def rows(
    *pairs: Pairs, score_id: str = "ltv", population: str = "all", basis: str = "known", **how: Any
) -> Any:
    """The rows of one score, population and basis by measure."""
    found = table(*pairs, **how)
    mask = (found["score_id"] == score_id) & (found["population"] == population)
    return found[mask & (found["basis"] == basis)].set_index("measure")
