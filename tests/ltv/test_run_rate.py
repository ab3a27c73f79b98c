"""Rung 3 by hand: a prior of rates, what became of silent clients, and what that forecasts."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import nbinom

from assets.scores.ltv.forecast import Calendar, Forecast, forecast_on_model
from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.prior import RatePrior, fit_rate_prior
from assets.scores.ltv.run_rate import RunRate, fit_run_rates, survival_months
from assets.scores.ltv.rungs import RUN_RATE, fit_segments
from assets.scores.ltv.survival import SurvivalFactors, gap_classes, measure_survival
from tests.ltv.client import Client, every, number, text
from tests.ltv.company import SETTINGS, company

EDGES = SETTINGS.survival_edges


def in_days(n_repeats: int, repeat_days: int, gap_days: int) -> Purchases:
    last, observed = repeat_days / 7, (repeat_days + gap_days) / 7
    return Purchases(np.array([n_repeats]), np.array([last]), np.array([observed]), np.zeros(1))


# The prior.


def test_equal_rates_end_on_the_bound_of_the_shape() -> None:
    prior = fit_rate_prior(np.full(50, 4), np.full(50, 20.0))

    assert prior.r == pytest.approx(np.exp(9.0))
    assert prior.r / prior.alpha == pytest.approx(0.2)
    assert np.isnan(prior.standard_errors).all()


def test_the_start_of_the_search_is_never_the_answer() -> None:
    draw = np.random.default_rng(3)
    weeks = draw.uniform(1, 200, 500)
    prior = fit_rate_prior(draw.poisson(draw.gamma(2.5, 0.1, 500) * weeks), weeks)

    assert abs(np.log(prior.r)) > 0.1
    assert prior.gradient_per_group < 1e-9


def test_the_unit_of_time_moves_alpha_and_not_r() -> None:
    draw = np.random.default_rng(4)
    weeks = draw.integers(1, 1500, 400) / 7.0
    repeats = draw.poisson(draw.gamma(2.5, 0.1, 400) * weeks)
    by_week, by_day = fit_rate_prior(repeats, weeks), fit_rate_prior(repeats, 7 * weeks)

    assert by_day.r == pytest.approx(by_week.r, rel=1e-8)
    assert by_day.alpha == pytest.approx(7 * by_week.alpha, rel=1e-8)
    assert by_day.log_likelihood == pytest.approx(by_week.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("r", "alpha"), [(0.55, 10.6), (1.0, 4.0), (6.0, 20.0)])
def test_the_fit_finds_the_distribution_that_drew_the_rates(
    r: float, alpha: float, seed: int
) -> None:
    draw = np.random.default_rng([seed, int(10 * r)])
    weeks = draw.integers(0, 365, 3000) / 7.0
    prior = fit_rate_prior(draw.poisson(draw.gamma(r, 1 / alpha, 3000) * weeks), weeks)

    assert abs(np.log(prior.r / r)) < 3.5 * prior.standard_errors[0]
    assert abs(np.log(prior.alpha / alpha)) < 3.5 * prior.standard_errors[1]


def test_without_a_repeat_half_of_one_is_spread_over_all_weeks() -> None:
    prior = fit_rate_prior(np.zeros(2, dtype=int), np.array([4.0, 5.0]))

    assert (prior.r, prior.alpha) == pytest.approx((1.0, (4 + 5 + 1) / 0.5))
    assert prior.n_repeaters == 0


# Survival.


@pytest.mark.parametrize(
    ("n_repeats", "repeat_days", "gap_days", "placed"),
    [
        (0, 0, 0, 0),
        (0, 0, 900, 0),
        (2, 20, 0, 1),
        (2, 20, 9, 1),
        (2, 20, 10, 2),
        (2, 20, 14, 2),
        (2, 20, 15, 3),
        (2, 20, 29, 3),
        (2, 20, 30, 4),
        (3, 10, 10, 4),
        (1, 1, 4000, 4),
    ],
)
def test_silence_is_classed_by_the_usual_gap_and_an_edge_belongs_above(
    n_repeats: int, repeat_days: int, gap_days: int, placed: int
) -> None:
    assert gap_classes(in_days(n_repeats, repeat_days, gap_days), EDGES).tolist() == [placed]


def test_survival_is_shrunk_to_the_overall_ratio_and_never_above_one() -> None:
    """30 of 100 orders came; five more of them are added to each class: 1.5 over 5."""
    classes = np.array([0, 1, 1, 4])
    expected, actual = np.array([10.0, 20.0, 20.0, 50.0]), np.array([0.0, 30.0, 0.0, 0.0])
    measured = measure_survival(classes, expected, actual, n_classes=5, prior_orders=5.0)

    assert measured.factors == pytest.approx([1.5 / 15, 31.5 / 45, 0.3, 0.3, 1.5 / 55])
    assert (
        measure_survival(classes, expected, 9 * actual, n_classes=5, prior_orders=5.0).factors.max()
        == 1.0
    )


@pytest.mark.parametrize(
    ("delivered_from", "months"),
    [
        ("2022-06-30", 12),
        ("2022-07-01", 6),
        ("2023-06-30", 6),
        ("2023-07-01", 3),
        ("2023-12-30", 3),
        ("2023-12-31", None),
    ],
)
def test_the_window_has_as_much_history_before_it_as_it_is_long(
    delivered_from: str, months: int | None
) -> None:
    facts = company([Client("G", ["2024-01-10"])], ["2024-06-30"], delivered_from=delivered_from)

    assert survival_months(facts.groups(number("2024-06-30"))) == months


def test_without_a_matured_window_everyone_survives_and_nobody_is_known_to() -> None:
    facts = company([Client("G", every(20, "2024-01-01", "2024-06-01"))], ["2024-06-30"],
                    delivered_from="2023-12-31")  # fmt: skip
    cutoff = facts.groups(number("2024-06-30"))
    fit = fit_segments(cutoff, SETTINGS)["RETAIL"]
    forecast = Forecast.empty(1, (12,))
    forecast_on_model(forecast, fit, RUN_RATE, Calendar.of(cutoff.day, 12, SETTINGS))

    assert not fit.run_rate.survival.is_measured
    assert np.isnan(forecast.p_alive).all()
    assert forecast.expected[0, 0] > 0


def test_survival_holds_the_last_quarter_against_the_run_rate_of_its_start() -> None:
    """Another fit of the prior as it was then, and the classes and orders counted by hand."""
    lively = [Client(f"L{n}", every(4 + 9 * n, "2024-01-10", "2024-06-30"))
              for n in range(6)]  # fmt: skip
    # Usual gap 10 days, silent since 9 February: by 30 March for 50 days, five gaps.
    lost = [Client(f"S{n}", ["2024-01-20", "2024-01-30", "2024-02-09"]) for n in range(4)]
    once = [Client(f"O{n}", ["2024-03-01", *(["2024-05-01"] * (n == 0))]) for n in range(5)]
    later = Client("Z", every(9, "2024-04-10", "2024-06-30"))
    clients = [*lively, *lost, *once, later]
    facts = company(clients, ["2024-06-30"], delivered_from="2023-12-15")
    found = fit_run_rates(facts.groups(number("2024-06-30")), SETTINGS)["RETAIL"].survival

    start, weeks = number("2024-03-30"), 92 / 7
    known = [[number(day) for day in c.orders if number(day) <= start] for c in clients[:-1]]
    x = np.array([len(days) - 1 for days in known])
    observed = np.array([(start - days[0]) / 7 for days in known])

    def loss(logs: np.ndarray) -> float:
        r, alpha = np.exp(logs)
        return -float(nbinom.logpmf(x, r, alpha / (alpha + observed)).sum())

    r, alpha = np.exp(
        minimize(loss, [0.0, 1.0], method="Nelder-Mead",
                 options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}).x
    )  # fmt: skip
    expected = (x + r) / (observed + alpha) * weeks
    actual = np.array([len(c.orders) - len(k) for c, k in zip(clients[:-1], known, strict=True)])
    last = np.array([days[-1] for days in known])
    ratio = (start - last) / 7 * x / np.maximum(last - np.array([d[0] for d in known]), 1) * 7
    classes = np.where(x == 0, 0, 1 + np.searchsorted(EDGES, ratio, side="right"))
    overall = actual.sum() / expected.sum()
    for place in range(5):
        where = classes == place
        share = (actual[where].sum() + 5 * overall) / (expected[where].sum() + 5)
        assert found.factors[place] == pytest.approx(min(share, 1.0), rel=1e-5)
    assert set(classes) == {0, 1, 4}
    assert found.factors[4] < found.factors[1] <= 1.0


def test_a_segment_with_29_repeaters_takes_the_prior_of_the_company() -> None:
    def priors(n: int) -> tuple[RatePrior, RatePrior]:
        few = [Client(f"F{i:02}", ["2024-01-01", "2024-03-01"], "FEW") for i in range(n)]
        many = [Client(f"M{i:02}", every(10 + i, "2023-01-01", "2024-06-30")) for i in range(40)]
        cutoff = company([*few, *many], ["2024-06-30"]).groups(number("2024-06-30"))
        rates = fit_run_rates(cutoff, SETTINGS)
        return rates["FEW"].prior, rates["company"].prior

    few, whole = priors(29)
    assert few == whole
    few, whole = priors(30)
    assert few != whole


def test_histories_cut_off_by_the_data_are_forecast_but_not_fitted() -> None:
    known = [Client(f"K{n:02}", every(10 + n, "2023-01-01", "2024-06-30"), created="2023-01-01")
             for n in range(40)]  # fmt: skip
    old = Client("OLD", every(2, "2020-01-01", "2024-06-30"), created="2010-01-01")

    def fitted(*clients: Client) -> RunRate:
        cutoff = company(clients, ["2024-06-30"]).groups(number("2024-06-30"))
        return fit_segments(cutoff, replace(SETTINGS, season_min_months=999))["company"]

    with_old, without = fitted(*known, old), fitted(*known)
    assert with_old.run_rate.prior == without.run_rate.prior
    assert (with_old.n_fitted, with_old.n_left_truncated, with_old.is_fit_on_all) == (40, 1, False)
    assert with_old.model(RUN_RATE).expected(np.full(41, 52.0))[-1] > 20


# The forecast.


def test_rung_three_by_hand() -> None:
    """5 repeats in 50 weeks under r 1, alpha 10: 6/60 a week; half of such clients go on.

    They are silent for two usual gaps: class 1.5 to 3.
    """
    night = "2026-01-31"
    begun = number(night) - 350
    client = Client("G", [text(begun + 50 * n) for n in range(6)])
    facts = company([client], [night], delivered_from="2025-01-01")
    cutoff = facts.groups(number(night))
    prior = RatePrior(1.0, 10.0, 0.0, 0.0, (0.0, 0.0), 0, 0)
    survival = SurvivalFactors(np.array([0.9, 0.8, 0.7, 0.5, 0.1]), np.ones(5), np.ones(5), True)
    fit = replace(
        fit_segments(cutoff, SETTINGS)["RETAIL"], run_rate=RunRate(prior, survival, EDGES)
    )
    found = Forecast.empty(1, (1, 2))
    forecast_on_model(found, fit, RUN_RATE, Calendar.of(cutoff.day, 2, SETTINGS))

    weekly = 0.5 * 6 / 60
    first, second = weekly * 28 / 7, weekly * 31 / 7
    assert found.p_alive.tolist() == [0.5]
    assert found.p_order_90d[0] == pytest.approx(0.5 * (1 - (60 / (60 + 90 / 7)) ** 6))
    assert found.expected[0] == pytest.approx([first, first + second])
    assert found.discounted[0] == pytest.approx(
        [first * 1.15 ** (-0.5 / 12), first * 1.15 ** (-0.5 / 12) + second * 1.15 ** (-1.5 / 12)]
    )
    for place, weeks in ((0, 4.0), (1, 59 / 7)):
        ease = 60 / (60 + weeks)
        reached = [1 - 0.5 * nbinom.sf(np.arange(20), 6, ease) >= level / 100
                   for level in range(1, 100)]  # fmt: skip
        assert found.percentiles[0, place].tolist() == [int(np.argmax(row)) for row in reached]
    assert set(found.method[0]) == {"run_rate_survival"}
