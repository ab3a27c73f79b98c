"""Draws of what clients will bring: one parameter vector per draw for all clients of a fit."""

from functools import cached_property
from zlib import crc32

import numpy as np
from scipy.special import expit, ndtri

from assets.scores.ltv.forecast import over_spans
from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.ltv.mbg_cnbd import Parameters
from assets.scores.ltv.order_count import OrderModel, stage_terms
from assets.scores.ltv.rungs import RUN_RATE, SegmentFit
from assets.scores.ltv.score import Scored
from assets.scores.proof.chance import mixed, uniform
from assets.scores.proof.forecasts import LEVELS

NEVER = 2**62  # orders until a client is lost, of one whose dropout is too rare to draw
STEP = 1e-4  # in a log parameter


class SegmentDraws:
    """The draws of one fit segment on a night; the same bits whichever of its clients are asked.

    The parameters come from N(log theta, covariance) with a seed of the night and the segment, a
    client's own numbers from a stream of its own beside it: a new client moves no other.
    """

    def __init__(
        self, scored: Scored, segment: str, config_version: str, horizons: Integers, n_draws: int
    ) -> None:
        self.scored = scored
        self.fit = scored.fits[segment].only(scored.cutoff.clients.fit_segment == segment)
        self.rung = scored.choices[segment].rung
        self.horizons = horizons
        as_of = np.datetime64(scored.cutoff.day, "D")
        self.seed = crc32(f"{config_version}|{as_of}|{segment}".encode())
        self.n = n_draws
        rng = np.random.Generator(np.random.PCG64(self.seed))
        self.log_theta = drawn_parameters(self.fit, self.rung, rng.standard_normal((n_draws, 4)))

    def followed(self, position: int) -> Floats:
        """One client's discounted contribution within each horizon, month by month, (draws, H).

        `position` among the segment's clients, which stand on an order model.
        """
        scored, place = self.scored, int(self.fit.places[position])
        part = str(scored.cutoff.clients.part_id[place])
        rng = np.random.Generator(np.random.PCG64([self.seed, crc32(part.encode())]))
        months = int(self.horizons.max())
        discount = scored.calendar.discount[:months]
        orders = np.diff(self._orders(position, months, rng), prepend=0, axis=1)
        margin, deviation = self._earning(np.array([place]))
        worth = np.cumsum(orders * discount, axis=1) * margin
        noise = np.sqrt(np.cumsum(orders * discount**2, axis=1)) * deviation
        drawn = worth + noise * rng.standard_normal(self.n)[:, None]
        return np.asarray(drawn[:, self.horizons - 1])

    def summed_up(self, positions: Integers) -> Floats:
        """Discounted contribution of clients within each horizon, (n, draws, H).

        Each draw takes one level of a client's own distribution of orders, raised by what its
        model expects beyond the levels, and the shared parameters enter by what they change of
        the segment's total.
        """
        scored, places = self.scored, self.fit.places[positions]
        forecast = scored.part_forecast
        at = np.array([forecast.at(int(months)) for months in self.horizons])
        keys = [crc32(str(part).encode()) for part in scored.cutoff.clients.part_id[places]]
        level, normal = _two_uniforms(self.seed, np.array(keys, dtype=np.uint64), self.n)
        percentiles = forecast.percentiles[places[:, None], at]
        counts = percentiles[
            np.arange(len(places))[:, None, None],
            np.arange(len(at)),
            (level * len(LEVELS)).astype(np.int64)[:, :, None],
        ]
        expected, discounted = forecast.expected[places][:, at], forecast.discounted[places][:, at]
        share = np.divide(discounted, expected, out=np.ones_like(expected), where=expected > 0)
        is_modelled = forecast.rung[places][:, at] <= RUN_RATE
        beyond = np.where(is_modelled, expected - percentiles.mean(axis=2), 0.0)
        margin, deviation = self._earning(places)
        worth = (counts + beyond[:, None, :]) * (share * margin[:, None])[:, None, :] * self.shared
        noise = np.sqrt(counts) * (share * deviation[:, None])[:, None, :]
        return np.asarray(worth + noise * ndtri(normal)[:, :, None])

    def _earning(self, places: Integers) -> tuple[Floats, Floats]:
        """Margin per order day of these clients' groups, and its standard deviation."""
        owner = self.scored.cutoff.clients.owner_of(places)
        return self.scored.margin[owner], self.scored.deviation[owner]

    @cached_property
    def shared(self) -> Floats:
        """What each drawn parameter vector makes of the segment's expected orders, (draws, H)."""
        found: Floats = np.ones((self.n, len(self.horizons)))
        if self.rung > RUN_RATE:
            return found
        centre = central_parameters(self.fit, self.rung)
        stepped = [centre, *(centre + step for step in np.eye(len(centre)) * STEP)]
        totals = np.log(self._totals(stepped))
        slopes = (totals[1:] - totals[0]) / STEP
        return np.asarray(np.exp((self.log_theta - centre) @ slopes))

    def _totals(self, log_thetas: list[Floats]) -> Floats:
        """Expected orders of the segment within each horizon, by parameters, (P, H)."""
        model = OrderModel.together([self._model(log_theta) for log_theta in log_thetas])
        ends = self.scored.calendar.month_ends[self.horizons - 1]
        weeks = self.fit.season.weeks_after(self.scored.cutoff.day, ends)
        orders = over_spans(model, weeks).expected(np.tile(weeks, model.n))
        total = orders.reshape(len(log_thetas), -1, len(weeks)).sum(axis=1)
        return np.asarray(total + np.finfo(float).tiny)

    def _model(self, log_theta: Floats) -> OrderModel:
        if self.rung == RUN_RATE:
            r, alpha = np.exp(log_theta)
            return self.fit.run_rate.under(r, alpha).model(self.fit.purchases)
        k = self.fit.mbg[self.rung].parameters.k
        return OrderModel.of(Parameters.of(k, log_theta), self.fit.purchases)

    def _orders(self, position: int, months: int, rng: np.random.Generator) -> Integers:
        """Orders up to the end of each month, (draws, months)."""
        season, day = self.fit.season, self.scored.cutoff.day
        ends = season.weeks_at(self.scored.calendar.month_ends[:months])
        weeks = np.diff(ends, prepend=season.weeks_at(np.array([day])))
        x = int(self.fit.purchases.n_repeats[position])
        last = float(self.fit.purchases.last[position])
        observed = float(self.fit.purchases.observed[position])
        if self.rung == RUN_RATE:
            alive = self.scored.models[self.fit.segment].alive[position]
            r, alpha = np.exp(self.log_theta.T)
            rate = rng.gamma(r + x) / (alpha + observed)
            counted = np.cumsum(rng.poisson(rate[:, None] * weeks), axis=1)
            return np.asarray(counted * (rng.random(self.n) < alive)[:, None])
        k = self.fit.mbg[self.rung].parameters.k
        r, alpha, a, b = np.exp(self.log_theta.T)
        size, idle = r + k * x, (observed - last) / (alpha + observed)
        stages = stage_terms(size, idle, k)
        kept = stages.sum(axis=0)
        silence = size * np.log1p((observed - last) / (alpha + last))
        alive = expit(np.log(kept) - (np.log(a) - np.log(b + x) + silence))
        is_alive = rng.random(self.n) < alive
        run = np.sum(rng.random(self.n) * kept > np.cumsum(stages, axis=0), axis=0)
        rate = rng.gamma(size + run) / (alpha + observed)
        survived = _orders_until_lost(rng, a, b + x + 1)
        counted = (run[:, None] + np.cumsum(rng.poisson(rate[:, None] * weeks), axis=1)) // k
        return np.asarray(np.minimum(counted, survived[:, None]) * is_alive[:, None])


def central_parameters(fit: SegmentFit, rung: int) -> Floats:
    """Logarithms of the fitted parameters: r, alpha, a, b; of rung 3 r and alpha."""
    if rung in fit.mbg:
        return fit.mbg[rung].parameters.log_theta
    return np.log([fit.run_rate.prior.r, fit.run_rate.prior.alpha])


def drawn_parameters(fit: SegmentFit, rung: int, normal: Floats) -> Floats:
    """Logarithms of the drawn parameters, (draws, 4), of rung 3 (draws, 2).

    In log r and log mean rate the information of rung 3's prior is nearly diagonal.
    """
    centre = central_parameters(fit, rung)
    if rung in fit.mbg:
        spread = np.linalg.cholesky(fit.mbg[rung].covariance)
        return np.asarray(centre + normal @ spread.T)
    error_r, error_alpha = np.nan_to_num(np.array(fit.run_rate.prior.standard_errors), nan=0.0)
    error_mean = np.sqrt(max(error_alpha**2 - error_r**2, 0.0))
    away = error_r * normal[:, 0]
    return np.stack([centre[0] + away, centre[1] + away - error_mean * normal[:, 1]], axis=1)


def _orders_until_lost(rng: np.random.Generator, a: Floats, b: Floats) -> Integers:
    """The order after which a client is lost, of the orders to come."""
    dropout = rng.beta(a, b)
    with np.errstate(divide="ignore", over="ignore"):
        waited = np.floor(np.log1p(-rng.random(len(a))) / np.log1p(-dropout)) + 1.0
    return np.where(waited < NEVER, waited, NEVER).astype(np.int64)


def _two_uniforms(seed: int, keys: np.ndarray, n_draws: int) -> tuple[Floats, Floats]:
    """Two numbers in (0, 1) per key and draw, (keys, draws) each: a stream of its own per key."""
    streams = mixed(mixed(keys) ^ np.uint64(seed))[:, None]
    numbers = mixed(streams + np.arange(2 * n_draws, dtype=np.uint64))
    return uniform(numbers[:, :n_draws]), uniform(numbers[:, n_draws:])
