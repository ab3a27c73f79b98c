"""Rung 3: the run rate a client has shown, times the share of such clients that keep ordering."""

from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.horizon import Horizons
from assets.scores.ltv.inputs import (
    COMPANY,
    DAYS_PER_WEEK,
    Floats,
    History,
    LtvSettings,
    NightInputs,
)
from assets.scores.ltv.predictive import order_quantiles, p_any_order
from assets.scores.ltv.prior import RatePrior, fit_rate_prior
from assets.scores.ltv.survival import SurvivalFactors, gap_classes, measure_survival

RUNG = 3
METHOD = "run_rate_survival"
SOON_WEEKS = 90 / DAYS_PER_WEEK
QUANTILES = (0.10, 0.50, 0.90)


@dataclass(frozen=True)
class Forecast:
    """What a rung says of n clients over H horizons: all that a value needs besides the margin.

    `p_alive` and `p_order_90d` (n,), `expected_orders` and `discounted_orders` (n, H),
    `order_quantiles` (n, H, 3) for 10, 50 and 90 %.
    """

    rung: int
    method: str
    p_alive: Floats
    p_order_90d: Floats
    expected_orders: Floats
    discounted_orders: Floats
    order_quantiles: Floats


@dataclass(frozen=True)
class RunRate:
    """The parameters of a fit segment: its prior, and what became of silent clients."""

    prior: RatePrior
    survival: SurvivalFactors

    def forecast(self, history: History, horizons: Horizons, settings: LtvSettings) -> Forecast:
        """The forecast of clients; with no season, orders are spread evenly over the days."""
        alive = self.survival.of(gap_classes(history, settings.survival_edges))
        weeks = history.observed_weeks
        rate = alive * self.prior.rate(history.n_repeats, weeks)
        shape: Floats = np.asarray(history.n_repeats + self.prior.r, dtype=np.float64)
        beta: Floats = np.asarray(weeks + self.prior.alpha, dtype=np.float64)
        counts = [
            order_quantiles(q, alive[:, None], shape[:, None], beta[:, None], horizons.weeks)
            for q in QUANTILES
        ]
        return Forecast(
            rung=RUNG,
            method=METHOD,
            p_alive=alive if self.survival.is_measured else np.full(len(alive), np.nan),
            p_order_90d=p_any_order(alive, shape, beta, SOON_WEEKS),
            expected_orders=np.outer(rate, horizons.weeks),
            discounted_orders=np.outer(rate, horizons.discounted_weeks),
            order_quantiles=np.stack(counts, axis=2),
        )


def fit_run_rates(night: NightInputs, settings: LtvSettings) -> dict[str, RunRate]:
    """The parameters of the company and of every fit segment that can have its own, by name.

    A segment with fewer repeaters in the fit than `ltv.pool_repeaters` has none of its own. The
    survival factors hold the outcome of the matured window against the run rates of its start,
    with the prior as it was then.
    """
    priors = _priors(night.now, settings)
    priors_then = _priors(night.then, settings)
    classes = gap_classes(night.then, settings.survival_edges)
    expected = np.zeros(len(classes))
    for segment in sorted(set(night.then.fit_segment)):
        where = night.then.fit_segment == segment
        prior = priors_then.get(segment, priors_then[COMPANY])
        rates = prior.rate(night.then.n_repeats[where], night.then.observed_weeks[where])
        expected[where] = rates * night.window_weeks
    fitted = {}
    for segment, prior in priors.items():
        where = night.then.in_segment(segment)
        survival = measure_survival(
            classes[where],
            expected[where],
            night.actual_orders[where],
            n_classes=len(settings.survival_edges) + 2,
            prior_orders=settings.survival_prior_orders,
        )
        fitted[segment] = RunRate(prior, survival)
    return fitted


def _priors(history: History, settings: LtvSettings) -> dict[str, RatePrior]:
    """The prior of the company, and of the segments that have enough repeaters for their own.

    Where too few histories are known from their beginning, all are fitted.
    """
    repeats = history.n_repeats > 0
    in_fit = history.is_in_fit
    if np.count_nonzero(in_fit & repeats) < settings.pool_repeaters:
        in_fit = history.n_orders > 0
    chosen = {COMPANY: in_fit}
    for segment in sorted(set(history.fit_segment) - {COMPANY}):
        where = in_fit & history.in_segment(segment)
        if np.count_nonzero(where & repeats) >= settings.pool_repeaters:
            chosen[segment] = where
    return {
        segment: fit_rate_prior(
            history.n_repeats[where],
            history.observed_weeks[where],
            log_shape_max=settings.log_parameter_max,
        )
        for segment, where in chosen.items()
    }
