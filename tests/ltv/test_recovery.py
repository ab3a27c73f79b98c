"""On simulated orders the served model finds the truth it never saw, and says how sure it is."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.mbg_fit import MbgFit, fit_k, fit_mbg_cnbd
from assets.scores.ltv.order_count import OrderModel
from tests.ltv.simulator import Market, Simulated, simulate
from tests.ltv.summary import Floats, summarise

REGULARITIES = (1, 2, 3, 4)
N_CLIENTS = 6_000


def market(k: int) -> Market:
    """Clients that order every ten weeks or so, however regularly."""
    return Market(k=k, r=1.4, alpha=14.0 / k, a=0.8, b=2.5, n_clients=N_CLIENTS, seed=f"found {k}")


def purchases(found: Simulated, passed: Floats | None = None) -> Purchases:
    history = summarise(found.log, found.market.cutoff, passed)
    return Purchases(history.x, history.t_x, history.T, history.log_gaps)


@dataclass(frozen=True)
class Recovered:
    """A simulated market, the fit of what was seen of it, and the forecast of the rest."""

    truth: Simulated
    fit: MbgFit
    model: OrderModel
    weeks: Floats


@pytest.fixture(scope="module", params=REGULARITIES)
def recovered(request: pytest.FixtureRequest) -> Recovered:
    truth = simulate(market(request.param))
    seen = purchases(truth)
    fit = fit_mbg_cnbd(seen)
    weeks = np.full(N_CLIENTS, truth.market.future / 7)
    return Recovered(truth, fit, OrderModel.of(fit.parameters, seen), weeks)


def test_the_regularity_and_the_parameters_are_found(recovered: Recovered) -> None:
    """k exactly; log r, alpha, a and b within 3.5 of the standard errors the fit claims."""
    truth, found = recovered.truth.market, recovered.fit.parameters
    logs = np.log([truth.r, truth.alpha, truth.a, truth.b])

    assert found.k == truth.k
    assert np.all(np.abs(found.log_theta - logs) < 3.5 * recovered.fit.log_standard_errors)
    assert np.all(recovered.fit.log_standard_errors < 0.2)


def test_the_orders_of_all_clients_together_are_forecast_within_a_twentieth(
    recovered: Recovered,
) -> None:
    forecast = recovered.model.expected(recovered.weeks).sum()

    assert forecast == pytest.approx(recovered.truth.future_orders.sum(), rel=0.05)


def test_four_of_five_clients_order_as_often_as_the_interval_says(recovered: Recovered) -> None:
    """The randomised PIT of each count lies in the middle 80 % for 80 % of the clients."""
    least = recovered.model.distribution(recovered.weeks)
    least = np.column_stack([np.ones(N_CLIENTS), least, np.zeros(N_CLIENTS)])
    row, count = np.arange(N_CLIENTS), recovered.truth.future_orders
    count = np.minimum(count, least.shape[1] - 2)
    at_least, more = least[row, count], least[row, count + 1]
    place = 1 - at_least + np.random.default_rng(80).random(N_CLIENTS) * (at_least - more)

    covered = np.mean((place > 0.1) & (place < 0.9))
    assert abs(covered - 0.8) < 3 * np.sqrt(0.16 / N_CLIENTS)


def test_of_clients_alive_with_a_chance_that_share_is_alive(recovered: Recovered) -> None:
    chance, is_alive = recovered.model.alive, recovered.truth.is_alive
    for decile in np.array_split(np.argsort(chance, kind="stable"), 10):
        spread = np.sqrt(np.sum(chance[decile] * (1 - chance[decile]))) / len(decile)
        assert abs(is_alive[decile].mean() - chance[decile].mean()) < 4 * spread + 0.005


@pytest.mark.parametrize("k", [1, 3])
def test_clients_taken_for_newcomers_bend_a_fit_that_those_seen_from_birth_do_not(k: int) -> None:
    """A log that begins in mid-life: the first order seen is not the first order."""
    whole = replace(market(k), entry_days=700, cutoff=1_400, seen_from=400, n_clients=12_000)
    truth = simulate(whole)
    seen = purchases(truth)
    client = truth.log["client"].unique()
    born_later = np.flatnonzero(truth.entered[client] >= whole.seen_from)
    logs = np.log([whole.r, whole.alpha, whole.a, whole.b])

    def distance(fit: MbgFit) -> Floats:
        return np.abs(fit.parameters.log_theta - logs) / fit.log_standard_errors

    assert np.max(distance(fit_k(seen.taken(born_later), k))) < 3.5
    assert np.max(distance(fit_k(seen, k))) > 3.5
