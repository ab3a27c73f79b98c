"""Draws of what clients will bring: one parameter vector per draw for all clients of a fit."""

import itertools
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from scipy.special import expit

from assets.scores.ltv.forecast import LEVELS
from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.ltv.rungs import RUN_RATE, SegmentFit
from assets.scores.ltv.score import Scored

NEVER = 2**62  # orders until a client is lost, of one whose dropout is too rare to draw


@dataclass(frozen=True)
class Spans:
    """Consecutive spans of months: the last month of each, and the present value of 1 in them."""

    last_month: Integers
    discount: Floats

    @classmethod
    def monthly(cls, scored: Scored) -> "Spans":
        """Every month up to the longest horizon."""
        discount = scored.calendar.discount
        return cls(np.arange(1, len(discount) + 1), discount)

    @classmethod
    def by_horizon(cls, scored: Scored, horizons: tuple[int, ...]) -> "Spans":
        """From horizon to horizon, each at the mean discount of its months."""
        bounds = (0, *horizons)
        discount = [
            float(np.mean(scored.calendar.discount[begun:ended]))
            for begun, ended in itertools.pairwise(bounds)
        ]
        return cls(np.array(horizons), np.array(discount))


class SegmentDraws:
    """The draws of one fit segment on a night; the same bits whichever of its clients are asked.

    The parameters come from N(log theta, covariance) with a seed of the night and the segment, a
    client's own numbers from a stream of its own beside it: a new client moves no other.
    """

    def __init__(self, scored: Scored, segment: str, config_version: str, n_draws: int) -> None:
        self.scored = scored
        self.fit = scored.fits[segment].only(scored.cutoff.clients.fit_segment == segment)
        self.rung = scored.choices[segment].rung
        as_of = np.datetime64(scored.cutoff.day, "D")
        self.seed = crc32(f"{config_version}|{as_of}|{segment}".encode())
        self.n = n_draws
        self.model = scored.models.get(segment)
        rng = np.random.Generator(np.random.PCG64(self.seed))
        self.log_theta = _parameters(self.fit, self.rung, rng.standard_normal((n_draws, 4)))

    def money(self, position: int, spans: Spans) -> Floats:
        """Discounted contribution up to the end of each span, (draws, spans).

        `position` among the segment's clients.
        """
        scored, place = self.scored, int(self.fit.places[position])
        part = str(scored.cutoff.clients.part_id[place])
        rng = np.random.Generator(np.random.PCG64([self.seed, crc32(part.encode())]))
        owner = int(np.searchsorted(scored.cutoff.clients.owners, place, side="right")) - 1
        margin, deviation = scored.margin[owner], scored.deviation[owner]
        if self.model is None or scored.part_rung[place] > RUN_RATE:
            return self._from_percentiles(place, spans, margin, rng)
        orders = np.diff(self._orders(position, spans, rng), prepend=0, axis=1)
        worth = np.cumsum(orders * spans.discount, axis=1) * margin
        noise = np.sqrt(np.cumsum(orders * spans.discount**2, axis=1)) * deviation
        return np.asarray(worth + noise * rng.standard_normal(self.n)[:, None])

    def _orders(self, position: int, spans: Spans, rng: np.random.Generator) -> Integers:
        """Orders up to the end of each span, (draws, spans)."""
        season, day = self.fit.season, self.scored.cutoff.day
        ends = season.weeks_at(self.scored.calendar.month_ends[spans.last_month - 1])
        weeks = np.diff(ends, prepend=season.weeks_at(np.array([day])))
        x = int(self.fit.purchases.n_repeats[position])
        last = float(self.fit.purchases.last[position])
        observed = float(self.fit.purchases.observed[position])
        if self.rung == RUN_RATE:
            alive = np.full(self.n, self.model.alive[position] if self.model else 1.0)
            r, alpha = np.exp(self.log_theta[:, 0]), np.exp(self.log_theta[:, 1])
            rate = rng.gamma(r + x) / (alpha + observed)
            counted = np.cumsum(rng.poisson(rate[:, None] * weeks), axis=1)
            return np.asarray(counted * (rng.random(self.n) < alive)[:, None])
        k = self.fit.mbg[self.rung].parameters.k
        r, alpha, a, b = np.exp(self.log_theta.T)
        size, idle = r + k * x, (observed - last) / (alpha + observed)
        stages = _stage_terms(size, idle, k)
        kept = stages.sum(axis=0)
        silence = size * np.log1p((observed - last) / (alpha + last))
        alive = expit(np.log(kept) - (np.log(a) - np.log(b + x) + silence))
        is_alive = rng.random(self.n) < alive
        run = np.sum(rng.random(self.n) * kept > np.cumsum(stages, axis=0), axis=0)
        rate = rng.gamma(size + run) / (alpha + observed)
        survived = _orders_until_lost(rng, a, b + x + 1)
        counted = (run[:, None] + np.cumsum(rng.poisson(rate[:, None] * weeks), axis=1)) // k
        return np.asarray(np.minimum(counted, survived[:, None]) * is_alive[:, None])

    def _from_percentiles(
        self, place: int, spans: Spans, margin: float, rng: np.random.Generator
    ) -> Floats:
        """Rungs without a model: one level of the forecast's own percentiles per draw."""
        forecast = self.scored.part_forecast
        level = rng.integers(0, len(LEVELS), self.n)
        months = np.array(forecast.months)
        position = np.minimum(np.searchsorted(months, spans.last_month), len(months) - 1)
        expected = forecast.expected[place, position]
        share = np.divide(
            forecast.discounted[place, position],
            expected,
            out=np.ones(len(position)),
            where=expected > 0,
        )
        scale = spans.last_month / months[position]
        counts = forecast.percentiles[place][position][:, level].T
        return np.asarray(counts * (share * scale) * margin)


def _parameters(fit: SegmentFit, rung: int, normal: Floats) -> Floats:
    """Logarithms of the drawn parameters, (draws, 4); of rung 3 (draws, 2): r and alpha."""
    if rung in fit.mbg:
        found = fit.mbg[rung]
        spread = np.linalg.cholesky(found.covariance)
        return np.asarray(found.parameters.log_theta + normal @ spread.T)
    prior = fit.run_rate.prior
    log_r, log_alpha = np.log(prior.r), np.log(prior.alpha)
    error_r, error_alpha = np.nan_to_num(np.array(prior.standard_errors), nan=0.0)
    error_m = np.sqrt(max(error_alpha**2 - error_r**2, 0.0))
    drawn_r = log_r + error_r * normal[:, 0]
    return np.stack([drawn_r, log_alpha + (drawn_r - log_r) - error_m * normal[:, 1]], axis=1)


def _stage_terms(size: Floats, idle: Floats, k: int) -> Floats:
    """S_j of each draw, (k, draws)."""
    terms = [np.ones_like(size)]
    for j in range(1, k):
        terms.append(terms[-1] * (size + (j - 1)) / j * idle)
    return np.stack(terms)


def _orders_until_lost(rng: np.random.Generator, a: Floats, b: Floats) -> Integers:
    """The order after which a client is lost, of the orders to come."""
    dropout = rng.beta(a, b)
    uniform = rng.random(len(a))
    with np.errstate(divide="ignore", over="ignore"):
        waited = np.floor(np.log1p(-uniform) / np.log1p(-dropout)) + 1.0
    return np.where(np.isfinite(waited), np.minimum(waited, NEVER), NEVER).astype(np.int64)
