"""Gamma-Gamma: values per order that differ between clients, independent of how often they order.

Fader, Hardie and Lee (2005), "RFM and CLV", JMR 42(4); Fader and Hardie (2013), "The Gamma-Gamma
Model of Monetary Value", equation 1 (likelihood) and 5 (conditional mean).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi
from scipy.stats import spearmanr

from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.newton import NEAR, descend, hessian

BOUND = 9.0  # of a log parameter: on it a fit is none
WIDEST_ERROR = 3.0  # of a log parameter: a ridge that runs to a bound has no top
FEWEST = 10  # clients with an own mean, below which nothing is fitted


@dataclass(frozen=True)
class GammaGamma:
    """Value per order ~ gamma(p, v) with v ~ gamma(q, gamma); `gamma` in money."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    log_standard_errors: Floats

    @property
    def mean(self) -> float:
        """Mean value per order of a client of whom nothing is known; needs q > 1."""
        return self.p * self.gamma / (self.q - 1.0)

    def shrunk(self, orders: Floats, amount: Floats) -> Floats:
        """Expected value per order of clients with so many orders and so much money in all.

        Money without an order, as a late rebate, says nothing of what an order is worth.
        """
        counted = np.where(orders > 0, amount, 0.0)
        return np.asarray(self.p * (self.gamma + counted) / (self.p * orders + self.q - 1.0))


def fit_gamma_gamma(orders: Floats, mean_value: Floats) -> GammaGamma | None:
    """The maximum-likelihood fit; None where it ends on a bound, or on a ridge that no data end.

    `orders` >= 1 and `mean_value` > 0 have one entry per client; money is scaled by its median,
    so that cents and euros give one answer.
    """
    scale = float(np.median(mean_value))
    value = mean_value / scale
    log_value, log_orders = np.log(value), np.log(orders)

    def objective(log_theta: Floats) -> tuple[float, Floats]:
        p, q, gamma = np.exp(log_theta)
        size, total = p * orders + q, gamma + orders * value
        likelihood = (
            gammaln(size) - gammaln(p * orders) - gammaln(q) + q * np.log(gamma)
            + (p * orders - 1) * log_value + p * orders * log_orders - size * np.log(total)
        )  # fmt: skip
        slopes = np.array([
            np.sum(orders * (psi(size) - psi(p * orders) + log_value + log_orders - np.log(total))),
            np.sum(psi(size) - psi(q) + np.log(gamma) - np.log(total)),
            np.sum(q / gamma - size / total),
        ])  # fmt: skip
        n = len(orders)
        return -float(np.sum(likelihood)) / n, -slopes * np.array([p, q, gamma]) / n

    height, found, _ = descend(objective, np.log([2.0, 2.0, 2.0]), BOUND)
    curvature = hessian(objective, found)
    if np.max(np.abs(found)) > BOUND - NEAR or np.linalg.eigvalsh(curvature)[0] <= 0:
        return None
    errors = np.sqrt(np.diag(np.linalg.inv(curvature)) / len(orders))
    if np.max(errors) > WIDEST_ERROR:
        return None
    p, q, gamma = np.exp(found).tolist()
    likelihood = -height * len(orders) - len(orders) * float(np.log(scale))
    return GammaGamma(p, q, gamma * scale, likelihood, errors)


def correlation(repeats: Floats, mean_value: Floats) -> float:
    """Spearman's rho between how often clients order and what an order is worth; NaN if flat."""
    if len(repeats) < FEWEST or np.ptp(repeats) == 0 or np.ptp(mean_value) == 0:
        return float(np.nan)
    return float(spearmanr(repeats, mean_value).statistic)
