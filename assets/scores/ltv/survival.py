"""Who has stopped ordering: how far clients fell short of their run rate, by length of silence."""

from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.ltv.mbg_cnbd import Purchases

FIRST_REPEATED = 1
EXACT = 9  # decimals: an edge that business time misses by rounding is reached


def gap_classes(purchases: Purchases, edges: tuple[float, ...]) -> Integers:
    """Class of each client by gap over usual gap: 0 without a repeat, then 1 below the first edge.

    Gap = time since the last order day, usual gap = t_x / x; an edge belongs to the class above.
    """
    gap = purchases.observed - purchases.last
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = gap * purchases.n_repeats / purchases.last
    ratio = np.round(ratio, EXACT)
    placed = FIRST_REPEATED + np.searchsorted(np.asarray(edges), ratio, side="right")
    return np.asarray(np.where(purchases.n_repeats == 0, 0, placed), dtype=np.int64)


@dataclass(frozen=True)
class SurvivalFactors:
    """The factor of each gap class, and the orders it was measured on.

    `factors` in [0, 1]; all 1 where `is_measured` is false, because no window has matured.
    """

    factors: Floats
    actual: Floats
    expected: Floats
    is_measured: bool

    def of(self, classes: Integers) -> Floats:
        """The factor of each client."""
        return np.asarray(self.factors[classes])


def measure_survival(
    classes: Integers, expected: Floats, actual: Floats, *, n_classes: int, prior_orders: float
) -> SurvivalFactors:
    """Actual over expected orders per class, shrunk to the overall ratio, at most 1.

    Each array has one entry per client: its class at the cut-off, its run-rate orders of the
    window, and the orders that came. The overall ratio counts like `prior_orders` expected ones.
    """
    expected_by_class: Floats = np.zeros(n_classes)
    actual_by_class: Floats = np.zeros(n_classes)
    np.add.at(expected_by_class, classes, expected)
    np.add.at(actual_by_class, classes, actual)
    total = float(np.sum(expected_by_class))
    if total <= 0.0:
        ones = np.ones(n_classes)
        return SurvivalFactors(ones, actual_by_class, expected_by_class, is_measured=False)
    overall = float(np.sum(actual_by_class)) / total
    ratio = (actual_by_class + prior_orders * overall) / (expected_by_class + prior_orders)
    return SurvivalFactors(
        np.minimum(ratio, 1.0), actual_by_class, expected_by_class, is_measured=True
    )
