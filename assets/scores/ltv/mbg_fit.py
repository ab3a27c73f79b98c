"""Fits MBG/CNBD-k: the regularity by likelihood, the parameters by maximum likelihood or pooled."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.mbg_cnbd import Likelihood, Parameters, Purchases, hessian

BOUND = 10.0  # of a log parameter in the search, beyond what any rung accepts
NEAR_BOUND = BOUND - 1e-6
SKETCH = 3_000  # every start is followed on so many clients
SUBSAMPLE = 30_000  # the best of them on so many, and the last steps on all
GRADIENT_GOAL = 1e-9
MOST_STEPS = 100
MOST_HALVINGS = 30
ROUNDING = 1e-14  # of the objective: a rise below it is noise
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
    best = previous = fit_k(purchases, 1)
    falls = 0
    for k in range(2, k_max + 1):
        fit = _fitted(purchases, k, [_carried(previous), _starts(purchases, k)[0]], None, 0.0)
        falls = falls + 1 if fit.log_likelihood < previous.log_likelihood else 0
        previous = fit
        if fit.log_likelihood > best.log_likelihood:
            best = fit
        if falls == FALLS:
            break
    return best


def fit_k(purchases: Purchases, k: int) -> MbgFit:
    """The maximum-likelihood fit for one k."""
    return _fitted(purchases, k, _starts(purchases, k), None, 0.0)


def fit_pooled(purchases: Purchases, parent: Parameters, ridge: float) -> MbgFit:
    """The parent's k, and the parameters that maximise log L / n - ridge |log theta - parent|^2."""
    starts = [parent.log_theta, *_starts(purchases, parent.k)]
    return _fitted(purchases, parent.k, starts, parent.log_theta, ridge)


def _carried(fit: MbgFit) -> Floats:
    """Where the search for the next k starts: as many orders as with this one."""
    found = fit.parameters
    more = replace(found, alpha=found.alpha * found.k / (found.k + 1))
    return np.clip(more.log_theta, -NEAR_BOUND, NEAR_BOUND)


def _starts(purchases: Purchases, k: int) -> list[Floats]:
    """Three starts at the observed rate of stages, for the likelihood may have more tops than one.

    Beside the first, the second has rates that differ more and dropout that differs less, the
    third the other way round.
    """
    stages = k * float(np.sum(purchases.n_repeats)) + 1.0
    middle = np.log([1.0, (float(np.sum(purchases.observed)) + 1.0) / stages, 1.0, 4.0])
    away = np.array([[0.0, 0.0, 0.0, 0.0], [-1.5, -1.5, 1.5, 1.5], [1.0, 1.0, -1.5, -0.5]])
    return list(middle + away)


def _fitted(
    purchases: Purchases, k: int, starts: list[Floats], centre: Floats | None, ridge: float
) -> MbgFit:
    """The best end of all starts on few clients, taken on to more of them, and to all."""
    parts = [_part(purchases, limit) for limit in (SKETCH, SUBSAMPLE) if limit < purchases.n]
    likelihoods = [Likelihood(part, k) for part in (*parts, purchases)]
    objectives = [_objective(likelihood, centre, ridge) for likelihood in likelihoods]
    ends = [_descend(objectives[0], start) for start in starts]
    _, found, slope = min(ends, key=lambda end: end[0])
    curved = objectives[0]
    for objective in objectives[1:]:
        is_large = objective is objectives[-1] and purchases.n > SUBSAMPLE
        known = hessian(curved, found) if is_large else None
        _, found, slope = _descend(objective, found, known)
        curved = curved if is_large else objective
    return MbgFit(
        parameters=Parameters.of(k, found),
        log_likelihood=likelihoods[-1](found)[0] * purchases.n,
        gradient=float(np.max(np.abs(slope))),
        n=purchases.n,
        covariance=_inverse(hessian(curved, found) * purchases.n),
    )


def _part(purchases: Purchases, limit: int) -> Purchases:
    """Every so many-th client, at most `limit`."""
    return purchases.taken(np.arange(0, purchases.n, -(-purchases.n // limit)))


def _objective(likelihood: Likelihood, centre: Floats | None, ridge: float) -> Objective:
    """What is minimised: the negative mean log-likelihood, pulled to the centre."""

    def objective(log_theta: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(log_theta)
        if centre is None:
            return -value, -slope
        away = log_theta - centre
        return ridge * float(away @ away) - value, 2 * ridge * away - slope

    return objective


def _descend(
    objective: Objective, start: Floats, curvature: Floats | None = None
) -> tuple[float, Floats, Floats]:
    """The minimum within the bounds: its height, where it is, and the slope there.

    Steps are Newton's; where a `curvature` is given, it is used instead of the one at each point
    and learns from the slopes seen (BFGS). A step is halved until the value falls or, where
    rounding hides that, the slope does. A parameter on its bound is held while it pushes outwards.
    """
    at, (value, slope) = start, objective(start)
    for _ in range(MOST_STEPS):
        free = (np.abs(at) < NEAR_BOUND) | (at * slope > 0)
        steepest = np.max(np.abs(slope[free]), initial=0.0)
        if steepest < GRADIENT_GOAL:
            break
        bent = hessian(objective, at, slope) if curvature is None else curvature
        step = np.zeros(len(at))
        step[free] = _step(bent[np.ix_(free, free)], slope[free])
        for _ in range(MOST_HALVINGS):
            ahead = np.clip(at - step, -BOUND, BOUND)
            new_value, new_slope = objective(ahead)
            is_level = new_value <= value + ROUNDING * abs(value)
            if new_value < value or (is_level and np.max(np.abs(new_slope[free])) < steepest / 2):
                break
            step = step / 2
        else:
            break
        if curvature is not None:
            curvature = _learned(curvature, ahead - at, new_slope - slope)
        at, value, slope = ahead, new_value, new_slope
    return value, at, slope


def _learned(curvature: Floats, step: Floats, rise: Floats) -> Floats:
    """The curvature corrected to the change of slope along a step (BFGS), where that rose."""
    bent = curvature @ step
    if rise @ step <= 0 or bent @ step <= 0:
        return curvature
    return np.asarray(
        curvature + np.outer(rise, rise) / (rise @ step) - np.outer(bent, bent) / (bent @ step)
    )


def _step(curvature: Floats, slope: Floats) -> Floats:
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
