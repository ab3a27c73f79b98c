"""The slope of a logistic regression on one variable, in every resample at once."""

import numpy as np
from scipy.special import expit

from assets.scores.proof.arrays import Floats
from assets.scores.proof.ranks import RankSums

STEPS = 30
CONVERGED = 1e-9


def calibration_slope(variable: Floats, by_class: RankSums) -> Floats:
    """Slope of events on `variable` (classes, 1), by maximum likelihood; NaN where it diverges.

    Newton's method from slope 1 and no intercept, that is from a calibrated forecast.
    """
    weight, event = by_class.weight, by_class.amount
    intercept, slope = np.zeros(weight.shape[1]), np.ones(weight.shape[1])
    step = np.full(weight.shape[1], np.inf)
    for _ in range(STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            p = expit(intercept + slope * variable)
            miss, spread = event - weight * p, weight * p * (1.0 - p)
            g_0, g_1 = miss.sum(axis=0), (miss * variable).sum(axis=0)
            h_00, h_01 = spread.sum(axis=0), (spread * variable).sum(axis=0)
            h_11 = (spread * variable**2).sum(axis=0)
            determinant = h_00 * h_11 - h_01**2
            step = (h_00 * g_1 - h_01 * g_0) / determinant
            intercept = intercept + (h_11 * g_0 - h_01 * g_1) / determinant
            slope = slope + step
        if not np.any(np.abs(step) > CONVERGED):
            break
    return np.asarray(np.where(np.abs(step) <= CONVERGED, slope, np.nan))
