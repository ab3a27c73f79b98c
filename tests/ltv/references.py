"""Textbook customer-base models, written from the papers: slow, plain, and not the served code.

x repeats, t_x first to last and T first to cut-off, in weeks; parameters are tuples in the order
of the papers.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Floats = NDArray[np.float64]


def maximise(
    log_likelihood: Callable[..., float], start: tuple[float, ...]
) -> tuple[tuple[float, ...], float]:
    """Positive parameters of the largest log-likelihood, and that log-likelihood."""

    def loss(logs: Floats) -> float:
        with np.errstate(all="ignore"):
            value = -log_likelihood(*np.exp(logs))
        return value if np.isfinite(value) else 1e12

    found = np.log(start)
    for _ in range(3):
        found = minimize(
            loss, found, method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000},
        ).x  # fmt: skip
    return tuple(float(value) for value in np.exp(found)), -loss(found)


class BgNbd:
    """Fader, Hardie & Lee (2005), Marketing Science 24: a client may leave after a repeat."""

    start = (0.5, 5.0, 0.8, 2.0)

    @staticmethod
    def log_likelihood(
        r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """Per client (their equation 6)."""
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
        stayed = betaln(a, b + x) - (r + x) * np.log(alpha + T)
        left = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
        return common + np.where(x > 0, np.logaddexp(stayed, left), stayed)

    @staticmethod
    def p_alive(
        r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """P(alive at the cut-off); 1 for a client without repeats."""
        odds_left = a / (b + np.maximum(x, 1) - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)
        return 1 / (1 + np.where(x > 0, odds_left, 0))

    @classmethod
    def expected(
        cls, t: float, r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """E[orders in the next t weeks] (their equation 10)."""
        series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
        grown = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * series
        return (a + b + x - 1) / (a - 1) * grown * cls.p_alive(r, alpha, a, b, x, t_x, T)


class MbgNbd:
    """Batislam, Denizel & Filiztekin (2007), IJRM 24: a client may leave after the first order."""

    start = (0.5, 5.0, 0.8, 2.0)

    @staticmethod
    def log_likelihood(
        r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """Per client."""
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
        stayed = betaln(a, b + x + 1) - (r + x) * np.log(alpha + T)
        left = betaln(a + 1, b + x) - (r + x) * np.log(alpha + t_x)
        return common + np.logaddexp(stayed, left)

    @staticmethod
    def p_alive(
        r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """P(alive at the cut-off)."""
        return 1 / (1 + a / (b + x) * ((alpha + T) / (alpha + t_x)) ** (r + x))

    @classmethod
    def expected(
        cls, t: float, r: float, alpha: float, a: float, b: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """E[orders in the next t weeks]."""
        series = hyp2f1(r + x, b + x + 1, a + b + x, t / (alpha + T + t))
        grown = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * series
        return (a + b + x) / (a - 1) * grown * cls.p_alive(r, alpha, a, b, x, t_x, T)


class ParetoNbd:
    """Schmittlein, Morrison & Colombo (1987), as derived by Fader & Hardie (2005), a note."""

    start = (0.5, 10.0, 0.6, 11.0)

    @staticmethod
    def _left(
        r: float, alpha: float, s: float, beta: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """Their A_0, for both orders of alpha and beta."""
        total, low, high = r + s + x, min(alpha, beta), max(alpha, beta)
        second = s + 1 if alpha >= beta else r + x

        def part(time: Floats) -> Floats:
            z = (high - low) / (high + time)
            return hyp2f1(total, second, total + 1, z) / (high + time) ** total

        return part(t_x) - part(T)

    @classmethod
    def log_likelihood(
        cls, r: float, alpha: float, s: float, beta: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """Per client."""
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        stayed = (alpha + T) ** -(r + x) * (beta + T) ** -s
        left = s / (r + s + x) * cls._left(r, alpha, s, beta, x, t_x, T)
        return common + np.log(stayed + left)

    @classmethod
    def p_alive(
        cls, r: float, alpha: float, s: float, beta: float, x: Floats, t_x: Floats, T: Floats
    ) -> Floats:
        """P(alive at the cut-off)."""
        left = s / (r + s + x) * cls._left(r, alpha, s, beta, x, t_x, T)
        return 1 / (1 + left * (alpha + T) ** (r + x) * (beta + T) ** s)

    @classmethod
    def expected(
        cls, t: float, r: float, alpha: float, s: float, beta: float,
        x: Floats, t_x: Floats, T: Floats,
    ) -> Floats:  # fmt: skip
        """E[orders in the next t weeks]."""
        grown = 1 - ((beta + T) / (beta + T + t)) ** (s - 1)
        while_alive = (r + x) * (beta + T) / ((alpha + T) * (s - 1)) * grown
        return while_alive * cls.p_alive(r, alpha, s, beta, x, t_x, T)


def gamma_gamma_log_likelihood(p: float, q: float, gamma: float, x: Floats, mean: Floats) -> Floats:
    """Fader & Hardie (2013), The gamma-gamma model: the mean of x values per client, per client."""
    return (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
        + (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * mean)
    )  # fmt: skip


def sbg_log_likelihood(alpha: float, beta: float, survivors: Floats) -> float:
    """Fader & Hardie (2007), J. Interactive Marketing 21: survivors of years 0..n of a cohort."""
    years = np.arange(1, len(survivors))
    left = betaln(alpha + 1, beta + years - 1) - betaln(alpha, beta)
    stayed = betaln(alpha, beta + years[-1]) - betaln(alpha, beta)
    return float(np.sum(-np.diff(survivors) * left) + survivors[-1] * stayed)
