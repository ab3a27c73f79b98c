"""Fits MBG/CNBD-k: the regularity by likelihood, the parameters by maximum likelihood or pooled."""

from dataclasses import dataclass, field, replace

import numpy as np

from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.mbg_cnbd import Likelihood, Parameters, Purchases
from assets.scores.ltv.newton import Objective, covariance, descend, hessian

BOUND = 10.0  # of a log parameter in the search, beyond what any rung accepts
SKETCH = 3_000  # every start is followed on so many clients
SUBSAMPLE = 30_000  # the best of them on so many, and the last steps on all
FALLS = 2  # of the likelihood in a row, after which no higher k is tried


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
    return np.clip(more.log_theta, 1 - BOUND, BOUND - 1)


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
    ends = [descend(objectives[0], start, BOUND) for start in starts]
    _, found, slope = min(ends, key=lambda end: end[0])
    curved = objectives[0]
    for objective in objectives[1:]:
        is_large = objective is objectives[-1] and purchases.n > SUBSAMPLE
        known = hessian(curved, found) if is_large else None
        _, found, slope = descend(objective, found, BOUND, known)
        curved = curved if is_large else objective
    return MbgFit(
        parameters=Parameters.of(k, found),
        log_likelihood=likelihoods[-1](found)[0] * purchases.n,
        gradient=float(np.max(np.abs(slope))),
        n=purchases.n,
        covariance=covariance(hessian(curved, found) * purchases.n),
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
