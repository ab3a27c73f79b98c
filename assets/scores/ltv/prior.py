"""How often clients order: a gamma distribution of rates, fitted by maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, polygamma, psi

from assets.scores.ltv.inputs import Floats, Integers

GRADIENT_GOAL = 1e-11
MOST_STEPS = 200
LONGEST_STEP = 2.0
ROUNDING = 1e-13  # of the likelihood: below it, a lower value is noise


@dataclass(frozen=True)
class RatePrior:
    """Orders per week of a client ~ gamma(shape `r`, rate `alpha` in weeks).

    `log_likelihood` is per week, `gradient_per_group` the largest slope in (log r, log mean rate)
    over n, `standard_errors` those of (log r, log alpha): NaN on the bound of r, and for the
    prior of a population without repeats.
    """

    r: float
    alpha: float
    log_likelihood: float
    gradient_per_group: float
    standard_errors: tuple[float, float]
    n_fitted: int
    n_repeaters: int

    def rate(self, n_repeats: Integers, observed_weeks: Floats) -> Floats:
        """Mean orders per week after x repeats in T weeks: (x + r) / (T + alpha)."""
        return np.asarray((n_repeats + self.r) / (observed_weeks + self.alpha))


class _Likelihood:
    """The gamma-Poisson likelihood in (log r, log m), m = r / alpha the mean rate.

    In these two, unlike in r and alpha, the information matrix is nearly diagonal.
    """

    def __init__(self, n_repeats: Integers, observed_weeks: Floats) -> None:
        self.x = n_repeats.astype(np.float64)
        self.weeks = observed_weeks
        self.distinct, self.times = np.unique(self.x, return_counts=True)
        seen = self.weeks > 0
        self.fixed = float(
            np.sum(self.x[seen] * np.log(self.weeks[seen]))
            - np.sum(self.times * gammaln(self.distinct + 1.0))
        )

    def value(self, log_r: float, log_m: float) -> float:
        r, m = np.exp(log_r), np.exp(log_m)
        expected = m * self.weeks
        counted = np.sum(self.times * (gammaln(r + self.distinct) - gammaln(r)))
        timed = -r * np.log1p(expected / r) + self.x * (log_m - np.log(r + expected))
        return float(counted + np.sum(timed) + self.fixed)

    def slopes(self, log_r: float, log_m: float) -> tuple[Floats, Floats]:
        """Gradient (2,) and Hessian (2, 2) in the logs."""
        r, m = np.exp(log_r), np.exp(log_m)
        total = r + m * self.weeks
        share = (r + self.x) / total
        d_r = np.sum(self.times * (psi(r + self.distinct) - psi(r)))
        d_r += np.sum(np.log(r / total) + 1.0 - share)
        d_m = np.sum(self.x) / m - np.sum(share * self.weeks)
        d_rr = np.sum(self.times * (polygamma(1, r + self.distinct) - polygamma(1, r)))
        d_rr += np.sum(1.0 / r - 2.0 / total + share / total)
        d_mm = -np.sum(self.x) / m**2 + np.sum(share * self.weeks**2 / total)
        d_rm = np.sum((share - 1.0) * self.weeks / total)
        gradient = np.array([r * d_r, m * d_m])
        mixed = r * m * d_rm
        hessian = np.array(
            [[r**2 * d_rr + r * d_r, mixed], [mixed, m**2 * d_mm + m * d_m]],
        )
        return gradient, hessian


def fit_rate_prior(
    n_repeats: Integers, observed_weeks: Floats, *, log_shape_max: float = 9.0
) -> RatePrior:
    """The prior under which the counts of repeats in the observed weeks are likeliest.

    `n_repeats` and `observed_weeks` have one entry per client. |log r| is held below
    `log_shape_max`: on that bound the rates do not differ between clients. Without any repeat
    there is no maximum; then the shape is 1 and the mean (0.5 repeats) / (all weeks + 1).
    """
    n_repeaters = int(np.count_nonzero(n_repeats))
    if n_repeaters == 0:
        mean_rate = 0.5 / (float(np.sum(observed_weeks)) + 1.0)
        nowhere = (np.nan, np.nan)
        return RatePrior(1.0, 1.0 / mean_rate, np.nan, np.nan, nowhere, len(n_repeats), 0)
    likelihood = _Likelihood(n_repeats, observed_weeks)
    log_r, log_m = _climb(likelihood, log_shape_max)
    gradient, hessian = likelihood.slopes(log_r, log_m)
    is_inside = abs(log_r) < log_shape_max
    return RatePrior(
        r=float(np.exp(log_r)),
        alpha=float(np.exp(log_r - log_m)),
        log_likelihood=likelihood.value(log_r, log_m),
        gradient_per_group=float(np.max(np.abs(gradient[0 if is_inside else 1 :])))
        / len(n_repeats),
        standard_errors=_standard_errors(hessian) if is_inside else (np.nan, np.nan),
        n_fitted=len(n_repeats),
        n_repeaters=n_repeaters,
    )


def _climb(likelihood: _Likelihood, bound: float) -> tuple[float, float]:
    """Newton's method from r = 1 and the pooled rate; a step never lowers the likelihood."""
    point = np.array([0.0, np.log(np.sum(likelihood.x) / np.sum(likelihood.weeks))])
    height = likelihood.value(*point)
    for _ in range(MOST_STEPS):
        gradient, hessian = likelihood.slopes(*point)
        held = abs(point[0]) >= bound and gradient[0] * point[0] > 0
        if np.max(np.abs(gradient[1 if held else 0 :])) <= GRADIENT_GOAL * len(likelihood.x):
            break
        step = _step(gradient, hessian, held)
        for _ in range(60):
            ahead = point + step
            ahead[0] = np.clip(ahead[0], -bound, bound)
            reached = likelihood.value(*ahead)
            if reached >= height - ROUNDING * abs(height):
                break
            step = step / 2.0
        else:
            break
        if np.array_equal(ahead, point):
            break
        point, height = ahead, reached
    return float(point[0]), float(point[1])


def _step(gradient: Floats, hessian: Floats, held: bool) -> Floats:
    steep = np.maximum(np.abs(np.diag(hessian)), 1e-12)
    step = gradient / steep
    determinant = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] ** 2
    if held:
        step[0] = 0.0
    elif hessian[0, 0] < 0 < determinant:
        step = np.array(
            [
                hessian[0, 1] * gradient[1] - hessian[1, 1] * gradient[0],
                hessian[0, 1] * gradient[0] - hessian[0, 0] * gradient[1],
            ]
        )
        step /= determinant
    return np.asarray(np.clip(step, -LONGEST_STEP, LONGEST_STEP))


def _standard_errors(hessian: Floats) -> tuple[float, float]:
    """Of log r and of log alpha = log r - log m."""
    determinant = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] ** 2
    if not hessian[0, 0] < 0 < determinant:
        return np.nan, np.nan
    var_r, var_m = -hessian[1, 1] / determinant, -hessian[0, 0] / determinant
    mixed = hessian[0, 1] / determinant
    return float(np.sqrt(var_r)), float(np.sqrt(var_r + var_m - 2.0 * mixed))
