"""Rung 3: the run rate a client has shown, times the share of such clients that keep ordering."""

from dataclasses import dataclass, replace

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import COMPANY, Flags, Floats, Integers
from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.prior import RatePrior, fit_rate_prior
from assets.scores.ltv.settings import PROVEN_MONTHS, LtvSettings
from assets.scores.ltv.survival import SurvivalFactors, gap_classes, measure_survival


@dataclass(frozen=True)
class RunRate:
    """The parameters of a fit segment: its prior, and what became of silent clients."""

    prior: RatePrior
    survival: SurvivalFactors
    edges: tuple[float, ...]

    def under(self, r: float, alpha: float) -> "RunRate":
        """The same with another prior."""
        return replace(self, prior=replace(self.prior, r=r, alpha=alpha))

    def model(self, purchases: Purchases) -> OrderModel:
        """Gamma-Poisson orders that come only to those who survive; nobody is lost later."""
        n = purchases.n
        return OrderModel(
            k=1,
            alive=self.survival.of(gap_classes(purchases, self.edges)),
            size=np.asarray(purchases.n_repeats + self.prior.r, dtype=np.float64),
            rate=np.asarray(purchases.observed + self.prior.alpha, dtype=np.float64),
            idle=np.zeros(n),
            a=np.zeros(n),
            b=np.ones(n),
        )


def fit_run_rates(cutoff: Cutoff, settings: LtvSettings) -> dict[str, RunRate]:
    """Rung 3 of the company and of every segment, which without enough repeaters has its prior.

    The survival factors hold the outcome of the newest matured window against the run rates of
    its start, with the prior as it was then.
    """
    priors = _priors(cutoff, settings)
    survival = _survival(cutoff, settings)
    return {
        segment: RunRate(priors.get(segment, priors[COMPANY]), factors, settings.survival_edges)
        for segment, factors in survival.items()
    }


def survival_months(cutoff: Cutoff) -> int | None:
    """The longest of 12, 6 and 3 months that has as much history before it as it is long."""
    for months in sorted(PROVEN_MONTHS, reverse=True):
        if months_away(cutoff.day, -2 * months) >= cutoff.delivered_from:
            return months
    return None


def _priors(cutoff: Cutoff, settings: LtvSettings) -> dict[str, RatePrior]:
    chosen, _ = cutoff.chosen_for_fit(settings)
    repeats = cutoff.histories.n_repeats > 0
    found: dict[str, RatePrior] = {}
    for segment in cutoff.clients.segments:
        where = cutoff.clients.in_segment(segment)
        n_repeaters = np.count_nonzero(where & chosen & repeats)
        if segment == COMPANY or n_repeaters >= settings.pool_repeaters:
            season = cutoff.season(where, settings)
            purchases = cutoff.purchases(np.flatnonzero(where & chosen), season)
            found[segment] = fit_rate_prior(
                purchases.n_repeats,
                purchases.observed,
                log_shape_max=settings.log_parameter_max,
            )
    return found


def _survival(cutoff: Cutoff, settings: LtvSettings) -> dict[str, SurvivalFactors]:
    """Actual over run-rate orders of the window, by segment and length of silence."""
    n, months = cutoff.clients.n, survival_months(cutoff)
    classes: Integers = np.zeros(n, dtype=np.int64)
    expected: Floats = np.zeros(n)
    actual: Floats = np.zeros(n)
    seen: Flags = np.zeros(n, dtype=bool)
    if months is not None:
        then = cutoff.earlier(months_away(cutoff.day, -months))
        classes, expected = _expected_then(then, cutoff.day, settings)
        actual = cutoff.log.between(then.day, cutoff.day, cutoff.day).astype(np.float64)
        seen = then.histories.n_orders > 0
    found = {}
    for segment in cutoff.clients.segments:
        where = seen & cutoff.clients.in_segment(segment)
        found[segment] = measure_survival(
            classes[where],
            expected[where],
            actual[where],
            n_classes=len(settings.survival_edges) + 2,
            prior_orders=settings.survival_prior_orders,
        )
    return found


def _expected_then(then: Cutoff, day: int, settings: LtvSettings) -> tuple[Integers, Floats]:
    """Class of silence at the start of the window, and run-rate orders up to its last day."""
    classes: Integers = np.zeros(then.clients.n, dtype=np.int64)
    expected: Floats = np.zeros(then.clients.n)
    priors = _priors(then, settings)
    for segment in then.clients.segments:
        where = then.clients.in_segment(segment)
        season = then.season(where, settings)
        purchases = then.purchases(np.flatnonzero(where), season)
        prior = priors.get(segment, priors[COMPANY])
        rate = prior.rate(purchases.n_repeats, purchases.observed)
        expected[where] = rate * season.weeks_between(then.day, day)
        classes[where] = gap_classes(purchases, settings.survival_edges)
    return classes, expected
