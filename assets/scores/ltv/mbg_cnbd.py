"""MBG/CNBD-k: clients order with Erlang-k gaps and may be lost after any order, the first included.

Platzer and Reutterer (2016), "Ticking away the moments", Marketing Science 35(5); for k = 1 it is
the MBG/NBD of Batislam, Denizel and Filiztekin (2007).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln, psi

from assets.scores.ltv.distinct import distinct
from assets.scores.ltv.inputs import Floats, Integers

PARAMETERS = ("r", "alpha", "a", "b")
Gradient = Floats
CHUNK = 8_192  # rows at a time: the arrays of one step stay in the cache


@dataclass(frozen=True)
class Purchases:
    """Order histories, one entry per client; times in weeks since the first order.

    `n_repeats` order days after the first (x), `last` the newest of them (t_x), `observed` the
    end of observation (T), `log_gaps` the sum of the logarithms of the x gaps.
    """

    n_repeats: Integers
    last: Floats
    observed: Floats
    log_gaps: Floats

    @property
    def n(self) -> int:
        """Number of clients."""
        return len(self.n_repeats)

    def taken(self, where: Integers) -> "Purchases":
        """The histories at these places."""
        return Purchases(
            self.n_repeats[where], self.last[where], self.observed[where], self.log_gaps[where]
        )


@dataclass(frozen=True)
class Parameters:
    """The regularity k; rate of stages ~ gamma(r, alpha in weeks); dropout ~ beta(a, b)."""

    k: int
    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def of(cls, k: int, log_theta: Floats) -> "Parameters":
        """The parameters whose logarithms are log_theta, in the order of PARAMETERS."""
        r, alpha, a, b = np.exp(log_theta).tolist()
        return cls(k, r, alpha, a, b)

    @property
    def log_theta(self) -> Floats:
        """Logarithms of r, alpha, a and b."""
        return np.log([self.r, self.alpha, self.a, self.b])

    def size(self, n_repeats: Integers) -> Floats:
        """Shape of the posterior rate before the stages already run: r + k x."""
        return np.asarray(self.r + self.k * n_repeats, dtype=np.float64)

    def idle(self, last: Floats, observed: Floats) -> Floats:
        """(T - t_x) / (alpha + T): what the stages already run are spread over."""
        return np.asarray((observed - last) / (self.alpha + observed))

    def stage_sum(self, n_repeats: Integers, last: Floats, observed: Floats) -> Floats:
        """Sum of S_j over the stages j < k that may have run since the last order."""
        size, idle = self.size(n_repeats), self.idle(last, observed)
        term = np.ones_like(size)
        total = term.copy()
        for j in range(1, self.k):
            term = term * (size + (j - 1)) / j * idle
            total += term
        return total

    def log_lost(self, n_repeats: Integers, last: Floats, observed: Floats) -> Floats:
        """Logarithm of the weight of having been lost at the last order, beside `stage_sum`."""
        silence = np.log1p((observed - last) / (self.alpha + last))
        return np.asarray(
            np.log(self.a) - np.log(self.b + n_repeats) + self.size(n_repeats) * silence
        )

    def p_alive(self, n_repeats: Integers, last: Floats, observed: Floats) -> Floats:
        """P(alive | x, t_x, T), one entry per client: equation 10 of the paper, for any k."""
        kept = np.log(self.stage_sum(n_repeats, last, observed))
        return np.asarray(expit(kept - self.log_lost(n_repeats, last, observed)))


class Likelihood:
    """Mean log-likelihood of clients and its gradient in log(r, alpha, a, b), for one k.

    Counts the purchase at t = 0 and keeps every constant in k, so that ks compare. Clients with
    equal (x, t_x, T) are one row; terms in x alone are computed once per x.
    """

    def __init__(self, purchases: Purchases, k: int) -> None:
        rows = np.stack([purchases.n_repeats, purchases.last, purchases.observed])
        self.k = k
        self.n = purchases.n
        (x, self.last, self.observed), place = distinct(rows)
        self.weight = np.bincount(place).astype(np.float64)
        self.x = x.astype(np.int64)
        self.counted = np.bincount(self.x, weights=self.weight)
        self.each = np.flatnonzero(self.counted)
        self.counted = self.counted[self.each]
        regular = (k - 1) * float(np.sum(purchases.log_gaps))
        self.constant = regular - float(np.sum(purchases.n_repeats)) * float(gammaln(k))

    def __call__(self, log_theta: Floats) -> tuple[float, Gradient]:
        """Mean log-likelihood per client and its gradient (4,)."""
        parameters = Parameters.of(self.k, log_theta)
        value, slope = self._by_count(parameters)
        more, steeper = self._by_history(parameters)
        theta = np.exp(log_theta)
        return (value + more + self.constant) / self.n, (slope + steeper) * theta / self.n

    def _by_count(self, p: Parameters) -> tuple[float, Gradient]:
        """The terms that depend on x alone."""
        x, size = self.each, p.size(self.each)
        value = (
            gammaln(p.b + x + 1) - gammaln(p.a + p.b + x + 1)
            + gammaln(p.a + p.b) - gammaln(p.b)
            + gammaln(size) - gammaln(p.r) + p.r * np.log(p.alpha)
        )  # fmt: skip
        both = psi(p.a + p.b) - psi(p.a + p.b + x + 1)
        slopes = np.stack([
            psi(size) - psi(p.r) + np.log(p.alpha),
            np.full(len(x), p.r / p.alpha),
            both,
            both + psi(p.b + x + 1) - psi(p.b),
        ])  # fmt: skip
        return float(value @ self.counted), slopes @ self.counted

    def _by_history(self, p: Parameters) -> tuple[float, Gradient]:
        """The terms that depend on (x, t_x, T)."""
        total = np.zeros(5)
        for start in range(0, len(self.x), CHUNK):
            total += self._by_histories(p, slice(start, start + CHUNK))
        return float(total[0]), total[1:]

    def _by_histories(self, p: Parameters, rows: slice) -> Floats:
        """Value and slopes (5,) summed over some of the rows."""
        x, last, observed = self.x[rows], self.last[rows], self.observed[rows]
        size, idle = p.size(x), p.idle(last, observed)
        since, before = p.alpha + observed, p.alpha + last
        log_since = np.log(since)
        silence = log_since - np.log(before)
        kept, by_size, by_alpha = self._stages(size, idle)
        log_kept = np.log(kept)
        lost = np.log(p.a) - np.log(p.b + x) + size * silence
        lead = log_kept - lost
        smaller = np.exp(-np.abs(lead))
        value = np.maximum(log_kept, lost) + np.log1p(smaller) - size * log_since
        gone = np.where(lead > 0, smaller, 1.0) / (1.0 + smaller)
        alive = np.where(lead > 0, 1.0, smaller) / (1.0 + smaller)
        slopes = (
            value,
            gone * silence + alive * by_size - log_since,
            gone * size * (1 / since - 1 / before) - (alive * by_alpha + size) / since,
            gone / p.a,
            -gone / (p.b + x),
        )
        return np.array([np.einsum("i,i->", each, self.weight[rows]) for each in slopes])

    def _stages(self, size: Floats, idle: Floats) -> tuple[Floats, Floats, Floats]:
        """Sum of S_j; its log slope in the size; the mean j."""
        term = np.ones_like(size)
        if self.k == 1:
            return term, np.zeros_like(size), np.zeros_like(size)
        kept, by_size, by_alpha = term.copy(), np.zeros_like(size), np.zeros_like(size)
        harmonic = np.zeros_like(size)
        for j in range(1, self.k):
            term = term * (size + (j - 1)) / j * idle
            harmonic = harmonic + 1.0 / (size + (j - 1))
            kept += term
            by_size += term * harmonic
            by_alpha += j * term
        return kept, by_size / kept, by_alpha / kept
