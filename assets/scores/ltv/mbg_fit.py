"""Fits MBG/CNBD-k: the regularity by likelihood, the parameters by maximum likelihood or pooled."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.mbg_cnbd import Likelihood, Parameters, Purchases, hessian

BOUND = 10.0  # of a log parameter in the search, beyond what any rung accepts
SUBSAMPLE = 30_000  # the search runs on so many clients, the last steps on all
GRADIENT_GOAL = 1e-9
NEWTON_STEPS = 40
FALLS = 2  # of the likelihood in a row, after which no higher k is tried
Objective = Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True)
class MbgFit:
    """A fit: where it ended, how well, and how sure.

    `log_likelihood` per week with all constants; `gradient` the largest slope per client in log
    parameters, of what was maximised; `covariance` (4, 4) of log(r, alpha, a, b), NaN where the
    information matrix is not positive definite.
    """

    parameters: Parameters
    log_likelihood: float
    gradient: float
    n: int
    covariance: Floats = field(repr=False)

    @property
    def log_standard_errors(self) -> Floats:
        """Standard errors of log(r, alpha, a, b)."""
        return np.sqrt(np.diag(self.covariance))


def fit_mbg_cnbd(purchases: Purchases, k_max: int = 12) -> MbgFit:
    """The fit with the k in 1..k_max of the highest likelihood; ties keep the smaller k.

    The search stops after two falls in a row. Raises ValueError without a client.
    """
    if purchases.n == 0:
        raise ValueError("fit_mbg_cnbd: expected at least one client, found none")
    best = fit_k(purchases, 1)
    previous, falls = best.log_likelihood, 0
    for k in range(2, k_max + 1):
        fit = fit_k(purchases, k)
        falls = falls + 1 if fit.log_likelihood < previous else 0
        previous = fit.log_likelihood
        if fit.log_likelihood > best.log_likelihood:
            best = fit
        if falls == FALLS:
            break
    return best


def fit_k(purchases: Purchases, k: int) -> MbgFit:
    """The maximum-likelihood fit for one k."""
    return _fitted(purchases, k, _start(purchases, k), None, 0.0)


def fit_pooled(purchases: Purchases, parent: Parameters, ridge: float) -> MbgFit:
    """The parent's k, and the parameters that maximise log L / n - ridge |log theta - parent|^2."""
    return _fitted(purchases, parent.k, parent.log_theta, parent.log_theta, ridge)


def _start(purchases: Purchases, k: int) -> Floats:
    """A start of the right order: unit shape at the observed rate of stages, dropout of a fifth."""
    stages = k * float(np.sum(purchases.n_repeats)) + 1.0
    return np.log([1.0, (float(np.sum(purchases.observed)) + 1.0) / stages, 1.0, 4.0])


def _fitted(
    purchases: Purchases, k: int, start: Floats, centre: Floats | None, ridge: float
) -> MbgFit:
    every = max(1, -(-purchases.n // SUBSAMPLE))
    searched = purchases if every == 1 else purchases.taken(np.arange(0, purchases.n, every))
    search = _objective(Likelihood(searched, k), centre, ridge)
    found = minimize(
        search, start, jac=True, method="L-BFGS-B", bounds=[(-BOUND, BOUND)] * 4,
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7},
    ).x  # fmt: skip
    whole = Likelihood(purchases, k) if every > 1 else None
    target = _objective(whole, centre, ridge) if whole else search
    found, slope = _newton(target, search, found)
    likelihood = whole or Likelihood(purchases, k)
    return MbgFit(
        parameters=Parameters.of(k, found),
        log_likelihood=likelihood(found)[0] * purchases.n,
        gradient=float(np.max(np.abs(slope))),
        n=purchases.n,
        covariance=_inverse(hessian(search, found) * purchases.n),
    )


def _objective(likelihood: Likelihood, centre: Floats | None, ridge: float) -> Objective:
    """What is minimised: the negative mean log-likelihood, pulled to the centre."""

    def objective(log_theta: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(log_theta)
        if centre is None:
            return -value, -slope
        away = log_theta - centre
        return ridge * float(away @ away) - value, 2 * ridge * away - slope

    return objective


def _newton(target: Objective, search: Objective, start: Floats) -> tuple[Floats, Floats]:
    """The last steps to the minimum of `target` and its slope there.

    The first step is Newton's with the curvature of `search`, the others learn from the slopes
    seen (BFGS). A step is halved until the value or the slope falls.
    """
    at = start
    value, slope = target(at)
    curvature = hessian(search, at)
    for _ in range(NEWTON_STEPS):
        if np.max(np.abs(slope)) < GRADIENT_GOAL or np.max(np.abs(at)) >= BOUND:
            break
        step = _descent(curvature, slope)
        for _ in range(30):
            ahead = np.clip(at - step, -BOUND, BOUND)
            new_value, new_slope = target(ahead)
            if new_value < value or np.max(np.abs(new_slope)) < np.max(np.abs(slope)) / 2:
                break
            step = step / 2
        else:
            break
        curvature = _learned(curvature, ahead - at, new_slope - slope)
        at, value, slope = ahead, new_value, new_slope
    return at, slope


def _learned(curvature: Floats, step: Floats, rise: Floats) -> Floats:
    """The curvature corrected to the change of slope along a step (BFGS), where that rose."""
    bent = curvature @ step
    if rise @ step <= 0 or bent @ step <= 0:
        return curvature
    return np.asarray(
        curvature + np.outer(rise, rise) / (rise @ step) - np.outer(bent, bent) / (bent @ step)
    )


def _descent(curvature: Floats, slope: Floats) -> Floats:
    """The Newton step with eigenvalues of the curvature turned positive, at most 2 long."""
    values, vectors = np.linalg.eigh(curvature)
    step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-10))
    return np.asarray(step * min(1.0, 2.0 / max(float(np.linalg.norm(step)), 1e-300)))


def _inverse(information: Floats) -> Floats:
    """The covariance, NaN where the information is not positive definite."""
    values = np.linalg.eigvalsh(information)
    if not np.all(np.isfinite(values)) or values[0] <= 0:
        return np.full(information.shape, np.nan)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
