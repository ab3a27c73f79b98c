"""The rungs of the ladder that a segment can stand on at a cut-off, and why not on the others."""

from dataclasses import dataclass, field, replace

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.inputs import COMPANY, Flags, Integers
from assets.scores.ltv.margin import Margin, fit_margin
from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.mbg_fit import MbgFit, fit_mbg_cnbd, fit_pooled
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.run_rate import RunRate, fit_run_rates
from assets.scores.ltv.season import Season
from assets.scores.ltv.settings import LtvSettings

OWN, POOLED, RUN_RATE, SEGMENT_MEAN, NAIVE = 1, 2, 3, 4, 5
METHODS = {
    OWN: "mbg_cnbd_k",
    POOLED: "pooled_mbg_cnbd_k",
    RUN_RATE: "run_rate_survival",
    SEGMENT_MEAN: "segment_mean",
}
TOO_FEW_REPEATERS = "TOO_FEW_REPEATERS"
NOT_CONVERGED = "NOT_CONVERGED"
AT_BOUND = "AT_BOUND"
WIDE_ERRORS = "WIDE_ERRORS"


@dataclass(frozen=True)
class SegmentFit:
    """What a fit segment's data say at a cut-off.

    `places` and `purchases` of all its clients, in its business time; `mbg` the fits of rungs 1
    and 2 that meet their conditions, `why_not` the reasons of those that do not.
    """

    segment: str
    season: Season = field(repr=False)
    places: Integers = field(repr=False)
    purchases: Purchases = field(repr=False)
    n_fitted: int
    n_repeaters: int
    n_left_truncated: int
    is_fit_on_all: bool
    mbg: dict[int, MbgFit]
    why_not: dict[int, str]
    run_rate: RunRate
    margin: Margin

    @property
    def rungs(self) -> list[int]:
        """The rungs that can serve, best first."""
        return [*sorted(self.mbg), RUN_RATE]

    def only(self, where: Flags) -> "SegmentFit":
        """The same fit for some of its clients: those of whom `where`, over all, is true."""
        kept = np.flatnonzero(where[self.places])
        if len(kept) == len(self.places):
            return self
        return replace(self, places=self.places[kept], purchases=self.purchases.taken(kept))

    def model(self, rung: int) -> OrderModel:
        """The order model of the segment's clients on a rung."""
        if rung == RUN_RATE:
            return self.run_rate.model(self.purchases)
        return OrderModel.of(self.mbg[rung].parameters, self.purchases)


def fit_segments(cutoff: Cutoff, settings: LtvSettings) -> dict[str, SegmentFit]:
    """The fits of the company and of every segment, by name, the company first."""
    run_rates = fit_run_rates(cutoff, settings)
    fits: dict[str, SegmentFit] = {}
    for segment in cutoff.clients.segments:
        parent = fits[COMPANY].mbg.get(OWN) if fits else None
        fits[segment] = _fit_segment(cutoff, segment, parent, run_rates[segment], settings)
    return fits


def _fit_segment(
    cutoff: Cutoff, segment: str, parent: MbgFit | None, run_rate: RunRate, settings: LtvSettings
) -> SegmentFit:
    where = cutoff.clients.in_segment(segment)
    places = np.flatnonzero(where)
    season = cutoff.season(where, settings)
    purchases = cutoff.purchases(places, season)
    chosen, is_on_all = cutoff.chosen_for_fit(settings)
    fitted = purchases.taken(np.flatnonzero(chosen[places]))
    mbg, why_not = fit_orders(fitted, parent, settings)
    truncated = where & (cutoff.histories.n_orders > 0) & ~cutoff.is_known_from_start(settings)
    return SegmentFit(
        segment=segment,
        season=season,
        places=places,
        purchases=purchases,
        n_fitted=fitted.n,
        n_repeaters=int(np.count_nonzero(fitted.n_repeats)),
        n_left_truncated=int(np.count_nonzero(truncated)),
        is_fit_on_all=is_on_all,
        mbg=mbg,
        why_not=why_not,
        run_rate=run_rate,
        margin=fit_margin(cutoff.clients.earnings.taken(places), settings),
    )


def fit_orders(
    purchases: Purchases, parent: MbgFit | None, settings: LtvSettings
) -> tuple[dict[int, MbgFit], dict[int, str]]:
    """The fits of rungs 1 and 2 that meet their conditions, and the reasons of the others.

    `parent` is the parent's fit on rung 1, None where there is no such.
    """
    n_repeaters = int(np.count_nonzero(purchases.n_repeats))
    flaw: str | None = TOO_FEW_REPEATERS
    if n_repeaters >= settings.min_repeaters:
        own = fit_mbg_cnbd(purchases, settings.k_max)
        flaw = flaw_of(own, settings)
        if flaw is None:
            return {OWN: own}, {}
    why_not = {OWN: str(flaw), POOLED: str(flaw)}
    if n_repeaters < settings.pool_repeaters or parent is None:
        return {}, why_not
    pooled = fit_pooled(purchases, parent.parameters, settings.pool_ridge)
    flaw = flaw_of(pooled, settings)
    if flaw is not None:
        return {}, why_not | {POOLED: flaw}
    return {POOLED: pooled}, {OWN: why_not[OWN]}


def flaw_of(fit: MbgFit, settings: LtvSettings) -> str | None:
    """The condition that a fit breaks; None where it can serve."""
    if np.max(np.abs(fit.parameters.log_theta)) > settings.log_parameter_max:
        return AT_BOUND
    if not fit.gradient < settings.gradient_max:
        return NOT_CONVERGED
    if not np.all(fit.log_standard_errors < settings.log_standard_error_max):
        return WIDE_ERRORS
    return None
