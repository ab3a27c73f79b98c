"""What an order day earns: a client's own margin, shrunk to its segment's."""

from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.gamma_gamma import FEWEST, GammaGamma, correlation, fit_gamma_gamma
from assets.scores.ltv.inputs import Earnings, Floats
from assets.scores.ltv.settings import LtvSettings

CREDIBILITY = "credibility"
GAMMA_GAMMA = "gamma_gamma"


@dataclass(frozen=True)
class MarginPrior:
    """Margin per order day of a segment, and how many own order days weigh as much as it.

    `mean` is the segment's contribution over its order days, in money, NaN where nothing was
    earned or ordered; `weight` is m of n / (n + m): 0 trusts each client, infinity none.
    `within_variance` is that of one order day, NaN where no client shows two months.
    """

    mean: float
    weight: float
    within_variance: float
    between_variance: float

    def shrunk(self, order_days: Floats, contribution: Floats) -> Floats:
        """Margin per order day of clients, in money; the mean for those without an order day."""
        own = np.divide(
            contribution, order_days, out=np.full(len(order_days), self.mean), where=order_days > 0
        )
        if np.isinf(self.weight):
            return np.full(len(order_days), self.mean)
        trusted = np.divide(
            order_days,
            order_days + self.weight,
            out=np.zeros(len(order_days)),
            where=order_days > 0,
        )
        return np.asarray(trusted * own + (1.0 - trusted) * self.mean)


@dataclass(frozen=True)
class Margin:
    """How a segment's margins are estimated: credibility, or Gamma-Gamma where it is allowed."""

    prior: MarginPrior
    rho: float
    gamma_gamma: GammaGamma | None

    @property
    def method(self) -> str:
        """The estimator in use."""
        return GAMMA_GAMMA if self.gamma_gamma else CREDIBILITY

    @property
    def order_deviation(self) -> float:
        """Standard deviation of one order day's margin around its client's, 0 if not known."""
        variance = self.prior.within_variance
        return float(np.sqrt(variance)) if np.isfinite(variance) else 0.0

    def of(self, earnings: Earnings) -> Floats:
        """Margin per order day of clients, in money; NaN where the segment earned nothing."""
        if self.gamma_gamma is None:
            return self.prior.shrunk(earnings.order_days, earnings.contribution)
        return self.gamma_gamma.shrunk(earnings.repeat_days, earnings.repeat_contribution)


def fit_margin(earnings: Earnings, settings: LtvSettings) -> Margin:
    """The margins of a segment.

    Gamma-Gamma needs every client's mean to be positive, values that hardly go with how often
    clients order, and a fit away from its bounds (q at least `margin.q_min`).
    """
    prior = fit_margin_prior(earnings)
    seen = earnings.repeat_days > 0
    days = earnings.repeat_days[seen]
    value = earnings.repeat_contribution[seen] / days
    rho = correlation(days, value)
    if len(days) < FEWEST or np.any(value <= 0) or not abs(rho) <= settings.gamma_gamma_max_rho:
        return Margin(prior, rho, None)
    fit = fit_gamma_gamma(days, value)
    is_allowed = fit is not None and fit.q >= settings.gamma_gamma_min_q
    return Margin(prior, rho, fit if is_allowed else None)


def fit_margin_prior(earnings: Earnings) -> MarginPrior:
    """The prior by Buhlmann and Straub (1970) on client-months weighted by order days.

    Clients without an order day are left out. Where clients do not differ more than their months
    do, or months were not seen twice, nothing speaks for a client's own margin: weight infinity.
    """
    ordered = earnings.order_days > 0
    days = earnings.order_days[ordered]
    total_days = float(np.sum(days))
    if total_days == 0.0:
        return MarginPrior(np.nan, np.inf, np.nan, np.nan)
    mean = float(np.sum(earnings.contribution[ordered])) / total_days
    spare_months = float(np.sum(earnings.n_months[ordered] - 1.0))
    evenness = total_days - float(np.sum(days**2)) / total_days
    if spare_months <= 0.0 or evenness <= 0.0:
        return MarginPrior(mean, np.inf, np.nan, np.nan)
    within = float(np.sum(earnings.within_square[ordered])) / spare_months
    own = earnings.contribution[ordered] / days
    spread = float(np.sum(days * (own - mean) ** 2))
    between = (spread - (len(days) - 1) * within) / evenness
    weight = within / between if between > 0.0 else np.inf
    return MarginPrior(mean, weight, within, between)
