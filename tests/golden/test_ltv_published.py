"""MBG/CNBD-k against published estimates, exact values worked out elsewhere, and high precision."""

from collections.abc import Callable
from pathlib import Path

import mpmath
import numpy as np
import pytest

from assets.scores.ltv.mbg_cnbd import Likelihood, Parameters, Purchases
from assets.scores.ltv.mbg_fit import fit_k
from assets.scores.ltv.order_count import OrderModel
from tests.ltv import cdnow

# Estimates of MBG/NBD on the calibration summary of CDNOW, published to four digits.
PUBLISHED = Parameters(1, 0.5248, 6.1830, 0.8914, 1.6140)
# k, x, t_x, T -> P(alive), E[X(26)], P(X(26) >= 1) for r 2, alpha 6, a .8, b 2.5.
EXACT = [
    (1, 0, 0, 30, 0.0798722045, 0.0976028486, 0.0529433863),
    (2, 5, 40, 52, 0.6691297958, 1.7771235739, 0.6546258571),
    (3, 0, 0, 20, 0.4178842484, 0.4304558353, 0.2939592128),
    (3, 6, 30, 36, 0.7985630084, 3.1495588772, 0.7981986057),
    (4, 10, 45, 60, 0.0617895173, 0.2611710600, 0.0617891688),
]


def one(x: int, last: float, observed: float) -> Purchases:
    return Purchases(np.array([x]), np.array([last]), np.array([observed]), np.zeros(1))


def test_the_fit_of_the_cdnow_summary_is_the_published_one(
    shared_data: Callable[[str], Path],
) -> None:
    fit = fit_k(cdnow.summary(shared_data("cdnow")), 1)

    found = np.exp(fit.parameters.log_theta)
    assert found == pytest.approx([0.5248, 6.1830, 0.8914, 1.6140], rel=1e-4)
    assert fit.log_likelihood == pytest.approx(-9582.133, abs=1e-3)


def test_the_published_customer_is_expected_to_order_as_published() -> None:
    model = OrderModel.of(PUBLISHED, one(2, 30.43, 38.86))

    assert model.alive[0] == pytest.approx(0.706118, abs=5e-7)
    assert model.expected(np.array([39.0]))[0] == pytest.approx(1.262629, abs=1e-6)


@pytest.mark.parametrize(("k", "x", "last", "observed", "alive", "orders", "any_order"), EXACT)
def test_the_predictions_of_every_k_are_the_exact_ones(
    k: int, x: int, last: float, observed: float, alive: float, orders: float, any_order: float
) -> None:
    model = OrderModel.of(Parameters(k, 2, 6, 0.8, 2.5), one(x, last, observed))
    weeks = np.array([26.0])

    assert model.alive[0] == pytest.approx(alive, abs=1e-10)
    assert model.expected(weeks)[0] == pytest.approx(orders, abs=1e-10)
    assert model.at_least(weeks, 3)[0, 0] == pytest.approx(any_order, abs=1e-10)
    assert model.distribution(weeks).sum() == pytest.approx(orders, abs=1e-10)


def hypergeometric_mean(
    p: Parameters, x: int, last: float, observed: float, weeks: float
) -> mpmath.mpf:
    """E[X(t)] by the closed form with 2F1 (k = 1), in 60 digits."""
    with mpmath.workdps(60):
        r, alpha, a, b = (mpmath.mpf(v) for v in (p.r, p.alpha, p.a, p.b))
        size, since = r + x, alpha + mpmath.mpf(observed)
        lost = a / (b + x) * (since / (alpha + mpmath.mpf(last))) ** size
        coming = weeks / (since + weeks)
        series = mpmath.hyp2f1(size, b + x + 1, a + b + x, coming)
        return (a + b + x) / (a - 1) * (1 - (1 - coming) ** size * series) / (1 + lost)


@pytest.mark.parametrize("x", [0, 1, 20, 200, 2000])
@pytest.mark.parametrize("parameters", [PUBLISHED, Parameters(1, 0.3, 4.0, 0.2, 0.5)])
def test_expected_orders_are_those_of_the_closed_form_in_high_precision(
    x: int, parameters: Parameters
) -> None:
    last, observed, weeks = (0.0, 250.0, 156.0) if x == 0 else (248.5, 250.0, 156.0)
    [found] = OrderModel.of(parameters, one(x, last, observed)).expected(np.array([weeks]))

    exact = hypergeometric_mean(parameters, x, last, observed, weeks)
    assert found == pytest.approx(float(exact), rel=1e-11)


def test_a_dropout_shape_of_one_is_no_singularity() -> None:
    def mean(a: float) -> float:
        model = OrderModel.of(Parameters(1, 0.5, 6.0, a, 1.6), one(3, 20.0, 30.0))
        return float(model.expected(np.array([52.0]))[0])

    assert mean(1.0) == pytest.approx((mean(1 - 1e-6) + mean(1 + 1e-6)) / 2, rel=1e-11)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_the_gradient_is_the_slope_of_the_likelihood(k: int) -> None:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 30, 200)
    observed = rng.uniform(20, 200, 200)
    last = np.where(x > 0, observed * rng.uniform(0.2, 1, 200), 0.0)
    likelihood = Likelihood(Purchases(x, last, observed, rng.normal(0, 1, 200)), k)
    at = np.log([0.7, 5.0, 0.9, 2.0])

    _, slope = likelihood(at)

    for position, direction in enumerate(np.eye(4) * 1e-5):
        rise = likelihood(at + direction)[0] - likelihood(at - direction)[0]
        assert slope[position] == pytest.approx(rise / 2e-5, rel=1e-6, abs=1e-9)


def test_the_likelihood_is_the_one_of_the_paper_term_by_term() -> None:
    k, r, alpha, a, b = 3, 1.4, 9.0, 0.7, 2.2
    x, gaps, observed = 2, [4.0, 6.5], 20.0
    last = sum(gaps)
    with mpmath.workdps(40):
        gamma, log = mpmath.gamma, mpmath.log
        size = r + k * x
        stages = sum(
            gamma(size + j) / (gamma(size) * gamma(j + 1))
            * mpmath.mpf((observed - last) / (alpha + observed)) ** j
            for j in range(k)
        )  # fmt: skip
        lost = a / (b + x) * mpmath.mpf((alpha + observed) / (alpha + last)) ** size
        exact = (
            log(mpmath.beta(a, b + x + 1) / mpmath.beta(a, b))
            + log(gamma(size) / gamma(r)) + r * log(alpha) - size * log(alpha + observed)
            + (k - 1) * sum(log(gap) for gap in gaps) - x * log(gamma(k)) + log(stages + lost)
        )  # fmt: skip

    history = Purchases(
        np.array([x]), np.array([last]), np.array([observed]), np.array([np.sum(np.log(gaps))])
    )
    value, _ = Likelihood(history, k)(np.log([r, alpha, a, b]))
    assert value == pytest.approx(float(exact), rel=1e-13)
