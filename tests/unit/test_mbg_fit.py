"""The search finds the highest top of the likelihood, and the best k, whatever the market."""

import numpy as np
import pytest
from scipy.optimize import minimize

from assets.scores.ltv.mbg_cnbd import Likelihood, Parameters, Purchases
from assets.scores.ltv.mbg_fit import fit_k, fit_mbg_cnbd, fit_pooled
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import summarise

# Markets (k, r, alpha, a, b, clients, entry days) whose likelihood has several tops; the k fitted.
ODD = [
    (Market(6, 0.158, 0.034, 0.052, 2.454, 1817, 122, seed="odd 2"), 1),
    (Market(5, 0.175, 0.266, 0.039, 12.159, 502, 263, seed="odd 1"), 2),
    (Market(2, 1.041, 15.862, 0.092, 0.109, 34, 224, seed="odd 2"), 2),
    (Market(3, 0.244, 2.033, 4.565, 0.384, 1278, 37, seed="odd 3"), 3),
    (Market(6, 4.453, 3.145, 0.046, 0.153, 48, 70, seed="market"), 1),
]


def seen(market: Market) -> Purchases:
    history = summarise(simulate(market).log, market.cutoff)
    return Purchases(history.x, history.t_x, history.T, history.log_gaps)


def highest(purchases: Purchases, k: int) -> float:
    """The best log-likelihood that another method finds from ten scattered starts."""
    likelihood = Likelihood(purchases, k)
    random = np.random.default_rng(k)
    ends = [
        minimize(
            lambda at: [-part for part in likelihood(at)], start, jac=True, method="L-BFGS-B",
            bounds=[(-10, 10)] * 4, options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1_000},
        ).fun
        for start in random.normal(0, 2, (10, 4))
    ]  # fmt: skip
    return -min(ends) * purchases.n


@pytest.mark.parametrize(("market", "k"), ODD)
def test_no_scattered_start_leads_higher_than_the_search(market: Market, k: int) -> None:
    purchases = seen(market)

    assert fit_k(purchases, k).log_likelihood > highest(purchases, k) - 1e-3


def test_a_start_is_never_the_answer() -> None:
    """A client that never repeats says nothing of rates: no finite parameters, no small errors."""
    lonely = Purchases(np.zeros(3, dtype=int), np.zeros(3), np.array([5.0, 9.0, 30.0]), np.zeros(3))
    fit = fit_k(lonely, 1)

    is_far = np.max(np.abs(fit.parameters.log_theta)) > 9
    assert is_far or not np.all(fit.log_standard_errors < 3)


@pytest.mark.parametrize(("market", "k"), ODD)
def test_the_choice_of_k_is_that_of_trying_all(market: Market, k: int) -> None:
    purchases = seen(market)
    found = fit_mbg_cnbd(purchases, 8)
    heights = [fit_k(purchases, each).log_likelihood for each in range(1, 9)]

    assert found.log_likelihood == pytest.approx(max(heights), abs=1e-3)
    assert found.parameters.k == 1 + int(np.argmax(heights))


def test_a_fit_of_many_is_that_of_all_of_them_and_not_of_the_part_it_was_searched_on() -> None:
    """Four copies of one crowd, in another order, are fitted like the crowd."""
    crowd = seen(Market(k=2, r=1.4, alpha=7.0, n_clients=20_000, seed="many"))
    places = np.random.default_rng(4).permutation(np.repeat(np.arange(crowd.n), 4))
    one, many = fit_k(crowd, 2), fit_k(crowd.taken(places), 2)

    assert many.parameters.log_theta == pytest.approx(one.parameters.log_theta, abs=1e-7)
    assert many.log_likelihood == pytest.approx(4 * one.log_likelihood, rel=1e-12)
    assert many.gradient < 1e-9
    assert many.log_standard_errors == pytest.approx(one.log_standard_errors / 2, rel=0.05)


def test_a_pooled_fit_moves_from_its_parent_as_far_as_its_clients_say() -> None:
    purchases = seen(Market(n_clients=200, seed="pooled"))
    free = fit_k(purchases, 1)
    parent = Parameters(1, 2.0, 4.0, 2.0, 1.0)
    loose, tight = fit_pooled(purchases, parent, 1e-6), fit_pooled(purchases, parent, 1e3)

    assert loose.parameters.log_theta == pytest.approx(free.parameters.log_theta, abs=0.02)
    assert tight.parameters.log_theta == pytest.approx(parent.log_theta, abs=0.01)
