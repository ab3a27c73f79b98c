"""What a score is judged on: its forecasts at month ends, its rivals', and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assets.scores.proof.arrays import Bools, Dates, Floats, Integers, Texts, codes
from assets.scores.proof.chance import pair_chance
from assets.scores.proof.forecasts import (
    MEDIAN,
    AmountForecast,
    Probability,
    crps,
    randomised_pit,
)

OUTCOME = "actual"  # beside the rules, in whatever is kept by rule


@dataclass(frozen=True)
class ProofSettings:
    """The part of metrics.yml, `backtest`, that the mathematics reads."""

    pool_months: int
    pool_months_1095: int
    min_events: int
    min_non_events: int
    min_groups: int
    min_independent_cutoffs: int
    bootstrap: int
    interval: tuple[float, float]

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "ProofSettings":
        """The settings in a metrics.yml."""
        backtest = metrics["backtest"]
        low, high = backtest["interval"]
        return cls(
            pool_months=int(backtest["pool_months"]),
            pool_months_1095=int(backtest["pool_months_1095"]),
            min_events=int(backtest["min_events"]),
            min_non_events=int(backtest["min_non_events"]),
            min_groups=int(backtest["min_groups"]),
            min_independent_cutoffs=int(backtest["min_independent_cutoffs"]),
            bootstrap=int(backtest["bootstrap"]),
            interval=(float(low), float(high)),
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """All pairs (group, month-end decision date) of one score, outcome and horizon, in any order.

    `actual` (n,) is an amount, or 1 and 0 for an event; NaN = unknown, not in the population. A
    horizon counts calendar months where `horizon_months` is given, else `horizon_days` days.
    `is_key`, `fit_segment` and `config_version` are as at the decision date, `is_known` is the
    basis. `rivals` (by score_id) are point forecasts of an amount, or ranks of risk (larger = the
    event is likelier); NaN = none. What is computed of each pair is kept for all nights.
    """

    score_id: str
    outcome: str
    horizon_days: int
    horizon_months: int | None
    cutoff_date: Dates
    group_id: Texts
    is_key: Bools
    fit_segment: Texts
    is_known: Bools
    config_version: Texts
    actual: Floats
    score: AmountForecast | Probability
    rivals: Mapping[str, Floats]

    @cached_property
    def group_code(self) -> Integers:
        """Place of each pair's group among the sorted groups."""
        return codes(self.group_id)

    @cached_property
    def config_code(self) -> Integers:
        """Place of each pair's configuration among the sorted versions."""
        return codes(self.config_version)

    @cached_property
    def segments(self) -> tuple[list[str], Integers]:
        """The sorted fit segments, and the place of each pair's among them."""
        names, place = np.unique(self.fit_segment.astype(str), return_inverse=True)
        return names.tolist(), np.asarray(place.reshape(-1))

    @cached_property
    def order(self) -> Integers:
        """Positions by group, then decision date: sums by group then need no sort of their own."""
        return np.asarray(np.lexsort((self.cutoff_date, self.group_code)))

    @cached_property
    def is_scored(self) -> Bools:
        """Whether the score and every rival have a forecast."""
        points = [np.isfinite(point) for point in self.rivals.values()]
        return np.asarray(np.logical_and.reduce([self.score.is_known, *points]))

    @cached_property
    def rules(self) -> dict[str, Floats]:
        """What orders the pairs, of the score first and then of its rivals by name."""
        return {self.score_id: self.score.rank} | dict(sorted(self.rivals.items()))

    @cached_property
    def rank_codes(self) -> dict[str, Integers]:
        """Place of each forecast among the distinct ones of its rule; the outcomes' too."""
        ranked = {OUTCOME: self.actual} | self.rules
        return {name: codes(value) for name, value in ranked.items()}

    @cached_property
    def pit(self) -> Floats:
        """Randomised PIT of an amount."""
        assert isinstance(self.score, AmountForecast)
        chance = pair_chance(self.group_id, self.cutoff_date, self.horizon_days)
        return randomised_pit(self.score.percentiles, self.score.counted(self.actual), chance)

    @cached_property
    def terms(self) -> dict[str, Floats]:
        """What is summed over pairs, by name; of a rule: `<score_id>:<term>`."""
        return event_terms(self) if isinstance(self.score, Probability) else amount_terms(self)


def event_terms(pairs: Pairs) -> dict[str, Floats]:
    """The terms of an event: itself and the squared error of its probability."""
    return {OUTCOME: pairs.actual, "squared": (pairs.score.rank - pairs.actual) ** 2}


def amount_terms(pairs: Pairs) -> dict[str, Floats]:
    """The terms of an amount."""
    assert isinstance(pairs.score, AmountForecast)
    percentiles, actual = pairs.score.percentiles, pairs.actual
    counted = pairs.score.counted(actual)
    terms = {OUTCOME: actual, "size": np.abs(actual)}
    for name, point in pairs.rules.items():
        error = point - actual
        terms |= {f"{name}:forecast": point, f"{name}:absolute": np.abs(error)}
        terms |= {f"{name}:squared": error**2, f"{name}:median": np.abs(error)}
        terms |= {f"{name}:crps": np.abs(point - counted)}
    name, u = pairs.score_id, pairs.pit
    inside = (percentiles[:, 9] <= counted) & (counted <= percentiles[:, 89])
    return terms | {
        f"{name}:median": np.abs(percentiles[:, MEDIAN] - actual),
        f"{name}:crps": crps(percentiles, counted),
        "in_80": ((u >= 0.10) & (u <= 0.90)).astype(np.float64),
        "in_90": ((u >= 0.05) & (u <= 0.95)).astype(np.float64),
        "in_80_inclusive": inside.astype(np.float64),
    }
