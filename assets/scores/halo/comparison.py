"""Difference in differences between the exposed and their controls, and its trend before."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from assets.scores.halo.inputs import Floats

FLAT = 1e-12


@dataclass(frozen=True)
class Comparison:
    """One outcome of one study; NaN where it cannot be told.

    `exposed_n` and `control_n` count groups; `effect` is in units of the outcome, `base_rc` is
    the net revenue of the exposed in the months of the effect a year before.
    """

    exposed_n: int
    control_n: int
    effect: float
    pretrend_p: float
    base_rc: float = float("nan")


def difference(before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> float:
    """How much more the exposed mean rose than the control mean.

    Shapes: means by month, exposed and control, of the months before and of those after; NaN
    where a month is unknown or none is.
    """
    if not len(after[0]):
        return float("nan")
    (exposed_before, control_before), (exposed_after, control_after) = before, after
    rise = exposed_after.mean() - exposed_before.mean()
    return float(rise - (control_after.mean() - control_before.mean()))


def pretrend_p(exposed: Floats, control: Floats) -> float:
    """Two-sided p of the slope of (exposed - control) on the month; 1 for a flat series.

    Ordinary least squares with n - 2 degrees of freedom. Shapes: (n,) means by month.
    """
    gap = exposed - control
    size = max(np.abs(exposed).max(), np.abs(control).max()) if len(gap) else np.nan
    if not np.isfinite(gap).all() or not np.isfinite(size):
        return float("nan")
    if np.ptp(gap) <= FLAT * size:
        return 1.0
    month = np.arange(len(gap)) - (len(gap) - 1) / 2
    slope = (month * gap).sum() / (month**2).sum()
    residual = gap - gap.mean() - slope * month
    freedom = len(gap) - 2
    error = np.sqrt((residual**2).sum() / freedom / (month**2).sum())
    if error <= FLAT * abs(slope):
        return 0.0
    return float(2 * student.sf(abs(slope) / error, freedom))
