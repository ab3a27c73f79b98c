"""Expected orders are those of the published sum, for every regularity and however many clients."""

import numpy as np
import pytest
from scipy.special import beta, betainc, poch
from scipy.special import factorial as factorials

from assets.scores.ltv.mbg_cnbd import Parameters, Purchases
from assets.scores.ltv.order_count import OrderModel

WEEKS = 26.0


def crowd(n: int) -> Purchases:
    """Clients of which several share x and T and differ in their last order."""
    random = np.random.default_rng(n)
    x = random.integers(0, 12, n)
    observed = random.integers(20, 40, n) * 1.0
    last = np.where(x > 0, observed * random.uniform(0.1, 1.0, n), 0.0)
    return Purchases(x, last, observed, np.zeros(n))


def summed(p: Parameters, x: int, last: float, observed: float) -> np.ndarray:
    """P(X >= n | alive), n = 1..400, by the incomplete beta of the design, term by term."""
    size, stage, n = p.r + p.k * x, np.arange(p.k), np.arange(1, 401)
    weight = (
        poch(size, stage) / factorials(stage) * ((observed - last) / (p.alpha + observed)) ** stage
    )
    z = WEEKS / (p.alpha + observed + WEEKS)
    enough = betainc(n[:, None] * p.k - stage, size + stage, z) @ (weight / weight.sum())
    return enough * beta(p.a, p.b + x + n) / beta(p.a, p.b + x + 1)


@pytest.mark.parametrize("k", [1, 2, 3, 7, 12])
def test_orders_follow_the_incomplete_beta_term_by_term(k: int) -> None:
    parameters = Parameters(k, 0.7, 4.0 / k, 0.8, 2.5)
    clients = crowd(40)
    model = OrderModel.of(parameters, clients)
    chances = model.at_least(np.full(40, WEEKS), 5)
    expected = model.expected(np.full(40, WEEKS))

    for place in range(40):
        history = (clients.n_repeats[place], clients.last[place], clients.observed[place])
        exact = summed(parameters, *history) * model.alive[place]
        assert chances[place] == pytest.approx(exact[:5], abs=1e-12)
        assert expected[place] == pytest.approx(exact.sum(), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("k", [1, 3])
def test_a_client_is_expected_to_order_alike_alone_and_in_a_crowd(k: int) -> None:
    clients = crowd(3_000)
    parameters = Parameters(k, 0.7, 4.0 / k, 0.8, 2.5)
    weeks = np.random.default_rng(1).choice([4.0, 26.0, 52.0], 3_000)
    together = OrderModel.of(parameters, clients).expected(weeks)

    for place in range(0, 3_000, 10):
        one = clients.taken(np.array([place]))
        alone = OrderModel.of(parameters, one).expected(weeks[place : place + 1])
        assert together[place] == alone[0]


@pytest.mark.parametrize("k", [1, 4])
def test_expected_orders_are_the_sum_of_the_distribution(k: int) -> None:
    model = OrderModel.of(Parameters(k, 0.7, 4.0 / k, 0.8, 2.5), crowd(500))
    weeks = np.full(500, WEEKS)

    assert model.expected(weeks) == pytest.approx(model.distribution(weeks).sum(axis=1), rel=1e-12)
