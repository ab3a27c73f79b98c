"""Forecasts held against what came, pair by pair."""

from dataclasses import dataclass

import numpy as np

from assets.scores.proof.arrays import Bools, Floats

LEVELS = np.arange(1, 100) / 100.0
MEDIAN = 49  # the 50th percentile
ROWS = 20_000  # rows of percentiles worked on at once


@dataclass(frozen=True, eq=False)
class AmountForecast:
    """Forecasts of an amount: `mean` (n,) and `percentiles` 1..99 (n, 99), NaN where unscored.

    `is_without_order` (n,): no order day came, so the actual counts as 0 wherever it is held
    against percentiles: coverage, PIT, CRPS.
    """

    mean: Floats
    percentiles: Floats
    is_without_order: Bools

    @property
    def is_known(self) -> Bools:
        """Whether there is a forecast."""
        return np.asarray(np.isfinite(self.mean) & np.isfinite(self.percentiles).all(axis=1))

    @property
    def rank(self) -> Floats:
        """What orders the pairs."""
        return self.mean

    def counted(self, actual: Floats) -> Floats:
        """The actual as it is held against percentiles."""
        return np.where(self.is_without_order, 0.0, actual)


@dataclass(frozen=True, eq=False)
class Probability:
    """Forecasts of an event: `of_event` (n,), NaN where unscored."""

    of_event: Floats

    @property
    def is_known(self) -> Bools:
        """Whether there is a forecast."""
        return np.asarray(np.isfinite(self.of_event))

    @property
    def rank(self) -> Floats:
        """What orders the pairs."""
        return self.of_event


def randomised_pit(percentiles: Floats, actual: Floats, chance: Floats) -> Floats:
    """Place of the actual in its forecast, u = (#(q < y) + v (#(q = y) + 1)) / 100.

    Uniform on [0, 1] for an exact forecast, whatever its atoms (Czado, Gneiting and Held 2009);
    `chance` is v, uniform and independent of the actual.
    """
    below, equal = np.empty(len(actual)), np.empty(len(actual))
    for start in range(0, len(actual), ROWS):
        rows = slice(start, start + ROWS)
        below[rows] = np.count_nonzero(percentiles[rows] < actual[rows, None], axis=1)
        equal[rows] = np.count_nonzero(percentiles[rows] == actual[rows, None], axis=1)
    return np.asarray((below + chance * (equal + 1.0)) / 100.0)


def crps(percentiles: Floats, actual: Floats) -> Floats:
    """Continuous ranked probability score, in units of the amount: twice the mean pinball loss.

    2/99 sum of (y - q)(p - [y < q]) over the percentiles q of level p (Laio and Tamea 2007). For a
    point rule, all percentiles equal, it is the absolute error exactly.
    """
    score = np.empty(len(actual))
    for start in range(0, len(actual), ROWS):
        rows = slice(start, start + ROWS)
        over = actual[rows, None] - percentiles[rows]
        score[rows] = (over * LEVELS - np.minimum(over, 0.0)).sum(axis=1)
    return np.asarray(score * (2.0 / len(LEVELS)))
