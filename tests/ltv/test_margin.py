"""What an order day earns: credibility by hand, and Gamma-Gamma only where it is allowed."""

from dataclasses import replace

import numpy as np
import pytest

from assets.scores.ltv.gamma_gamma import GammaGamma, fit_gamma_gamma
from assets.scores.ltv.inputs import Earnings
from assets.scores.ltv.margin import (
    CREDIBILITY,
    GAMMA_GAMMA,
    fit_margin,
    fit_margin_prior,
)
from assets.scores.ltv.score import score_cutoffs
from tests.ltv.client import Client, number
from tests.ltv.company import SETTINGS, company

NIGHT = "2024-06-30"
NONE = np.zeros(0)


def earnings(days: list[float], money: list[float], months: list[float], square: list[float]):  # type: ignore[no-untyped-def]
    arrays = [np.array(each, dtype=float) for each in (days, money, months, square)]
    return Earnings(*arrays, arrays[0], arrays[1])


def test_the_window_by_hand() -> None:
    """Two years to June 2024: July 2022 counts, June 2022 does not; the first month is no repeat.

    200 in July 2022 on two days, 30 in May 2024 on one, and a credit of 12 without an order.
    """
    client = Client(
        "G", ["2022-06-05", "2022-07-05", "2022-07-06", "2024-05-02"],
        earned={"2022-06": 99.0, "2022-07": 200.0, "2024-05": 30.0, "2024-06": -12.0},
    )  # fmt: skip
    found = company([client], [NIGHT]).groups(number(NIGHT)).clients.earnings

    assert found.order_days.tolist() == [3]
    assert found.contribution.tolist() == [218]
    assert found.n_months.tolist() == [2]
    mean = 230 / 3
    assert found.within_square == pytest.approx([2 * (100 - mean) ** 2 + (30 - mean) ** 2])


def test_credibility_by_hand() -> None:
    """Two clients of 10 and 30 days at 5 and 15: mean 12.5, within (40 + 80) / (2 + 3) = 24.

    Between: (10 x 7.5^2 + 30 x 2.5^2 - 24) / (40 - 1000 / 40) = 726 / 15; m = 24 / 48.4.
    """
    seen = earnings([10, 30, 0], [50, 450, 0], [3, 4, 0], [40, 80, 0])
    prior = fit_margin_prior(seen)

    assert prior.mean == 12.5
    assert prior.within_variance == pytest.approx(24.0)
    assert prior.between_variance == pytest.approx(48.4)
    assert prior.weight == pytest.approx(24 / 48.4)
    own = 10 / (10 + 24 / 48.4)
    assert prior.shrunk(seen.order_days, seen.contribution)[[0, 2]] == pytest.approx(
        [own * 5 + (1 - own) * 12.5, 12.5]
    )


def test_margins_that_differ_no_more_than_their_months_are_those_of_the_segment() -> None:
    seen = earnings([10, 10], [99, 101], [5, 5], [800, 800])
    prior = fit_margin_prior(seen)

    assert prior.weight == np.inf
    assert prior.shrunk(seen.order_days, seen.contribution).tolist() == [10.0, 10.0]


def test_margins_that_never_vary_within_a_client_are_its_own() -> None:
    seen = earnings([10, 10, 0], [50, 150, -9], [5, 5, 0], [0, 0, 0])
    margins = fit_margin_prior(seen).shrunk(seen.order_days, seen.contribution)

    assert margins.tolist() == [5.0, 15.0, 10.0]


def test_a_client_seen_in_a_single_month_says_nothing_of_how_months_vary() -> None:
    prior = fit_margin_prior(earnings([4, 6], [40, 90], [1, 1], [0, 0]))

    assert (prior.mean, prior.weight) == (13.0, np.inf)
    assert fit_margin(earnings([4, 6], [40, 90], [1, 1], [0, 0]), SETTINGS).order_deviation == 0.0


def test_without_any_order_day_no_margin_is_known() -> None:
    margin = fit_margin(earnings([0], [-50], [0], [0]), SETTINGS)

    assert np.isnan(margin.of(earnings([0], [-50], [0], [0]))).all()
    assert np.isnan(margin.rho)


def test_an_order_day_varies_as_months_do() -> None:
    margin = fit_margin(earnings([10, 30], [50, 450], [3, 4], [40, 80]), SETTINGS)

    assert margin.order_deviation == pytest.approx(np.sqrt(24))


# Gamma-Gamma.


def valued(n: int = 300, p: float = 6.0, q: float = 4.0, gamma: float = 45.0) -> Earnings:
    """Clients whose values per order follow the model, whatever their number of orders."""
    random = np.random.default_rng(8)
    days = random.integers(1, 12, n).astype(float)
    money = random.gamma(p * days, random.gamma(q, 1 / gamma, n) ** -1)
    return Earnings(days + 1, money + 50.0, days, 10.0 * days, days, money)


def method(seen: Earnings, **rules: float) -> str:
    return fit_margin(seen, replace(SETTINGS, **rules)).method


def with_value(seen: Earnings, place: int, money: float) -> Earnings:
    amounts = seen.repeat_contribution.copy()
    amounts[place] = money
    return replace(seen, repeat_contribution=amounts)


def test_values_that_follow_the_model_are_served_by_it() -> None:
    seen = valued()
    margin = fit_margin(seen, SETTINGS)
    fitted = margin.gamma_gamma

    assert margin.method == GAMMA_GAMMA
    assert fitted is not None
    truth = np.log([6.0, 4.0, 45.0])
    found = np.log([fitted.p, fitted.q, fitted.gamma])
    assert np.all(np.abs(found - truth) < 3.5 * fitted.log_standard_errors)
    own = fitted.p * seen.repeat_days / (fitted.p * seen.repeat_days + fitted.q - 1)
    mean = seen.repeat_contribution / seen.repeat_days
    assert margin.of(seen) == pytest.approx(own * mean + (1 - own) * fitted.mean, rel=1e-12)


@pytest.mark.parametrize("money", [0.0, -5.0])
def test_one_client_without_a_profit_rules_it_out(money: float) -> None:
    assert method(with_value(valued(), 7, money)) == CREDIBILITY


def test_a_loss_in_the_month_of_a_first_order_does_not() -> None:
    seen = valued()

    assert method(replace(seen, contribution=seen.contribution - 1e4)) == GAMMA_GAMMA


@pytest.mark.parametrize("sign", [1, -1])
def test_values_that_go_with_how_often_clients_order_rule_it_out(sign: int) -> None:
    seen = valued()
    tilted = seen.repeat_contribution * seen.repeat_days ** (0.6 * sign)
    margin = fit_margin(replace(seen, repeat_contribution=tilted), SETTINGS)

    assert sign * margin.rho > 0.3
    assert margin.method == CREDIBILITY


def test_the_limits_are_those_of_the_settings() -> None:
    fitted = fit_margin(valued(), SETTINGS)
    assert fitted.gamma_gamma is not None
    rho, q = abs(fitted.rho), fitted.gamma_gamma.q

    assert method(valued(), gamma_gamma_max_rho=rho * 1.001) == GAMMA_GAMMA
    assert method(valued(), gamma_gamma_max_rho=rho * 0.999) == CREDIBILITY
    assert method(valued(), gamma_gamma_min_q=q * 0.999) == GAMMA_GAMMA
    assert method(valued(), gamma_gamma_min_q=q * 1.001) == CREDIBILITY


def test_nine_clients_are_too_few() -> None:
    assert method(valued(9), gamma_gamma_max_rho=1.0, gamma_gamma_min_q=0.0) == CREDIBILITY


def test_clients_that_do_not_differ_end_on_a_bound_and_are_not_fitted() -> None:
    random = np.random.default_rng(3)
    days = random.integers(2, 12, 300).astype(float)
    values = 100.0 * (1 + 1e-3 * random.standard_normal(300))

    assert fit_gamma_gamma(days, values) is None


def test_cents_and_euros_agree() -> None:
    euros = valued()
    cents = Earnings(
        euros.order_days, 100 * euros.contribution, euros.n_months, 1e4 * euros.within_square,
        euros.repeat_days, 100 * euros.repeat_contribution,
    )  # fmt: skip
    for rules in ({}, {"gamma_gamma_max_rho": 0.0}):
        in_euros, in_cents = (
            fit_margin(each, replace(SETTINGS, **rules)) for each in (euros, cents)
        )

        assert in_cents.method == in_euros.method == (CREDIBILITY if rules else GAMMA_GAMMA)
        assert in_cents.of(cents) / 100 == pytest.approx(in_euros.of(euros), rel=1e-8)


def test_money_of_a_client_without_a_repeat_is_not_taken_for_that_of_an_order() -> None:
    """A late rebate in a month without an order: the client still is worth the mean."""
    fitted = GammaGamma(6.0, 4.0, 45.0, 0.0, np.zeros(3))

    assert fitted.shrunk(np.zeros(3), np.array([0.0, -5_000.0, 700.0])) == pytest.approx([90.0] * 3)


def test_a_segment_without_an_order_in_the_window_takes_the_margin_of_the_company() -> None:
    clients = [
        Client("A", ["2023-01-05", "2024-03-05"], margin=30.0),
        Client("B", ["2019-01-05"], segment="SILENT", margin=900.0),
    ]
    facts = company(clients, [NIGHT], delivered_from="2018-01-01")
    [(found, _, _)] = score_cutoffs(facts)

    assert found.margin.tolist() == [30.0, 30.0]
