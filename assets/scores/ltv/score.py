"""The forecasts of a company, cut-off by cut-off: each chosen on what came before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.facts import Facts
from assets.scores.ltv.forecast import (
    Calendar,
    Forecast,
    forecast_on_model,
)
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import COMPANY, Clients, Flags, Floats, Integers
from assets.scores.ltv.naive_interval import forecast_naively
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.rungs import METHODS, NAIVE, SegmentFit, fit_segments
from assets.scores.ltv.segment_mean import forecast_new_clients
from assets.scores.ltv.settings import PROOF_MONTHS, LtvSettings
from assets.scores.ltv.trial import Choice, Trial, choose, try_rungs
from assets.scores.proof.forecasts import LEVELS


@dataclass(frozen=True)
class Scored:
    """A cut-off with its fits, the rung each segment stands on, and what its groups will order.

    `groups`, `forecast` and `margin` (money per order day, NaN where nothing was earned) have one
    entry per group; in `cutoff`, `part_forecast` and `models` (by segment, none where a naive rule
    serves) a freshly merged group stands in parts.
    """

    groups: Cutoff = field(repr=False)
    cutoff: Cutoff = field(repr=False)
    fits: dict[str, SegmentFit]
    choices: dict[str, Choice]
    models: dict[str, OrderModel] = field(repr=False)
    part_forecast: Forecast = field(repr=False)
    forecast: Forecast = field(repr=False)
    margin: Floats = field(repr=False)
    deviation: Floats = field(repr=False)
    calendar: Calendar = field(repr=False)

    def of_groups(self, places: Integers) -> "Scored":
        """What is said of some of the groups; fits and parts stay."""
        return replace(
            self,
            groups=self.groups.only(places),
            forecast=self.forecast.taken(places),
            margin=self.margin[places],
            deviation=self.deviation[places],
        )


def score_cutoffs(facts: Facts) -> Iterator[tuple[Scored, bool, bool]]:
    """Every cut-off in order, with whether it is a night and whether a decision date.

    A cut-off gets the same bits whatever other nights are computed: what it is chosen on are the
    decision dates before it, which are the same for each of them.
    """
    trials: list[Trial] = []
    past: list[Cutoff] = []
    last_day = int(facts.days[-1])
    for day, is_night, is_decision in zip(
        facts.days.tolist(), facts.is_night.tolist(), facts.is_decision.tolist(), strict=True
    ):
        groups = facts.groups(day)
        if groups.clients.n:
            cutoff = facts.in_parts(groups)
            months = _months(facts, day, is_night, is_decision)
            owner = np.searchsorted(groups.clients.group_id, cutoff.clients.group_id)
            proven = facts.proven(groups.clients)[owner]
            asked = np.ones_like(proven) if is_night else proven
            scored = score_cutoff(groups, cutoff, trials, past, months, facts.settings, asked)
            if is_decision:
                tried = {segment: fit.only(proven) for segment, fit in scored.fits.items()}
                trials.append(try_rungs(cutoff, tried, last_day))
                past.append(cutoff.only(np.flatnonzero(proven)))
            yield scored, is_night, is_decision


def _months(facts: Facts, day: int, is_night: bool, is_decision: bool) -> tuple[int, ...]:
    """The horizons asked of a day: of a night all that will be, of a decision date those ended."""
    every = {*PROOF_MONTHS, *facts.settings.horizons}
    last_day = facts.days[-1]
    ended = {months for months in every if is_decision and months_away(day, months) <= last_day}
    return tuple(sorted(every if is_night else {*ended, PROOF_MONTHS[0]}))


def score_cutoff(
    groups: Cutoff,
    cutoff: Cutoff,
    trials: Sequence[Trial],
    past: Sequence[Cutoff],
    months: tuple[int, ...],
    settings: LtvSettings,
    asked: Flags | None = None,
) -> Scored:
    """Fit the segments, choose their rungs on the trials before, and forecast the clients asked.

    Of `asked`, over the cut-off's clients, None means everybody; the others' forecast is empty.
    """
    fits = fit_segments(cutoff, settings)
    choices = {segment: choose(fit, trials, cutoff.day, settings) for segment, fit in fits.items()}
    calendar = Calendar.of(cutoff.day, max(months), settings)
    forecast = Forecast.empty(cutoff.clients.n, months)
    margin: Floats = np.full(cutoff.clients.n, np.nan)
    deviation: Floats = np.zeros(cutoff.clients.n)
    models = {}
    for segment in _forecast_segments(cutoff.clients):
        where = cutoff.clients.fit_segment == segment
        if asked is not None:
            where &= asked
        fit, choice = fits[segment].only(where), choices[segment]
        if not where.any():
            continue
        if choice.rule is None:
            models[segment] = forecast_on_model(forecast, fit, choice.rung, calendar)
        else:
            forecast_naively(forecast, cutoff, fit.places, choice.rule, calendar, past, settings)
        earning = fit.margin if np.isfinite(fit.margin.prior.mean) else fits[COMPANY].margin
        margin[fit.places] = earning.of(cutoff.clients.earnings.taken(fit.places))
        deviation[fit.places] = earning.order_deviation
    forecast_new_clients(forecast, cutoff, calendar, settings)
    owners = cutoff.clients.owners
    return Scored(
        groups=groups,
        cutoff=cutoff,
        fits=fits,
        choices=choices,
        models=models,
        part_forecast=forecast,
        forecast=united(forecast, owners),
        margin=margin[owners],
        deviation=deviation[owners],
        calendar=calendar,
    )


def _forecast_segments(clients: Clients) -> list[str]:
    return sorted(set(clients.fit_segment))


def united(forecast: Forecast, owners: Integers) -> Forecast:
    """The forecast of groups that stand in parts: the sum of independent parts.

    Percentiles are those of the sum of the parts' 99, each taken as likely as the others.
    """
    n = len(forecast.p_alive)
    if len(owners) == n:
        return forecast
    ends = np.append(owners[1:], n)
    whole = Forecast.empty(len(owners), forecast.months)
    whole.p_alive = 1.0 - np.multiply.reduceat(1.0 - forecast.p_alive, owners)
    whole.p_order_90d = 1.0 - np.multiply.reduceat(1.0 - forecast.p_order_90d, owners)
    whole.rung = np.maximum.reduceat(forecast.rung, owners, axis=0)
    whole.method = np.array(
        [[METHODS.get(rung) for rung in row] for row in whole.rung.tolist()], dtype=object
    )
    naive = whole.rung == NAIVE
    whole.method[naive] = forecast.method[owners][naive]
    whole.expected = np.add.reduceat(forecast.expected, owners, axis=0)
    whole.discounted = np.add.reduceat(forecast.discounted, owners, axis=0)
    whole.percentiles = forecast.percentiles[owners].copy()
    for place in np.flatnonzero(ends - owners > 1):
        for part in range(owners[place] + 1, ends[place]):
            whole.percentiles[place] = _sum_of_percentiles(
                whole.percentiles[place], forecast.percentiles[part]
            )
    return whole


def _sum_of_percentiles(left: Floats, right: Floats) -> Floats:
    """Percentiles (H, 99) of the sum of two independent numbers, from theirs."""
    pairs = (left[:, :, None] + right[:, None, :]).reshape(len(left), -1)
    found = np.quantile(pairs, LEVELS, axis=1, method="inverted_cdf")
    return np.asarray(found.T, dtype=np.float64)
