"""Lifetime value against numbers worked out by hand, published ones, and simulated truth."""

import math
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.horizon import Horizons, days_to_months, discount_factors
from assets.scores.ltv.inputs import COMPANY, Earnings, History, NightInputs
from assets.scores.ltv.margin import fit_margin_prior
from assets.scores.ltv.predictive import order_quantiles, p_any_order, p_more_than
from assets.scores.ltv.prior import RatePrior, fit_rate_prior
from assets.scores.ltv.run_rate import RunRate, fit_run_rates
from assets.scores.ltv.survival import SurvivalFactors
from tests.ltv_inputs import SETTINGS


def exact_at_most(n: int, shape: int, ease: Fraction) -> Fraction:
    """P(negative binomial <= n) for a whole shape, by adding up its terms."""
    return sum(
        (math.comb(shape + k - 1, k) * ease**shape * (1 - ease) ** k for k in range(n + 1)),
        Fraction(0),
    )


@pytest.mark.parametrize("alive", [Fraction(1), Fraction(4, 5), Fraction(1, 3), Fraction(1, 20)])
@pytest.mark.parametrize(
    ("shape", "ease"), [(1, Fraction(1, 2)), (3, Fraction(1, 7)), (40, Fraction(2, 3))]
)
def test_order_quantiles_are_those_of_the_summed_probabilities(
    alive: Fraction, shape: int, ease: Fraction
) -> None:
    rate = np.array([float(ease / (1 - ease))])
    for quantile in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        expected = 0
        while 1 - alive * (1 - exact_at_most(expected, shape, ease)) < quantile:
            expected += 1
        [found] = order_quantiles(
            float(quantile), np.array([float(alive)]), np.array([float(shape)]), rate, np.ones(1)
        )
        assert found == expected


def test_the_chance_of_more_orders_is_that_of_the_summed_probabilities() -> None:
    ease = Fraction(3, 11)
    for n in range(12):
        exact = Fraction(3, 4) * (1 - exact_at_most(n, 5, ease))
        found = p_more_than(
            np.array([float(n)]), np.array([0.75]), np.array([5.0]), np.array([float(ease)])
        )
        assert found[0] == pytest.approx(float(exact), abs=1e-14)


def test_the_chance_of_any_order_is_one_minus_that_of_none() -> None:
    found = p_any_order(np.array([0.5]), np.array([2.0]), np.array([6.0]), 3.0)

    assert found[0] == pytest.approx(0.5 * (1 - (6 / 9) ** 2), abs=1e-15)


def test_a_month_after_the_31st_is_the_last_of_february() -> None:
    assert days_to_months(date(2026, 1, 31), 3).tolist() == [28, 59, 89]
    assert days_to_months(date(2024, 1, 31), 1).tolist() == [29]
    assert days_to_months(date(2024, 2, 29), 12)[-1] == (date(2025, 2, 28) - date(2024, 2, 29)).days
    assert days_to_months(date(2026, 3, 31), 60)[-1] == (date(2031, 3, 31) - date(2026, 3, 31)).days


def test_money_of_a_month_is_discounted_from_its_middle() -> None:
    factors = discount_factors(0.15, 12)

    assert factors[0] == pytest.approx(1.15 ** (-0.5 / 12), abs=1e-15)
    assert factors[11] == pytest.approx(1.15 ** (-11.5 / 12), abs=1e-15)


def test_rung_three_by_hand() -> None:
    """5 repeats in 50 weeks under r 1, alpha 10: 6/60 a week; half of such clients go on."""
    prior = RatePrior(1.0, 10.0, 0.0, 0.0, (0.0, 0.0), 0, 0)
    survival = SurvivalFactors(np.array([0.9, 0.8, 0.7, 0.5, 0.1]), np.ones(5), np.ones(5), True)
    history = History(
        group_id=np.array(["G"], dtype=object),
        fit_segment=np.array(["RETAIL"], dtype=object),
        is_in_fit=np.array([True]),
        n_orders=np.array([6]),
        n_repeats=np.array([5]),
        repeat_days=np.array([250]),
        observed_days=np.array([350]),
    )
    horizons = Horizons.of(date(2026, 1, 31), (1, 2), 0.15)

    forecast = RunRate(prior, survival).forecast(history, horizons, SETTINGS)

    weekly = 0.5 * 6 / 60
    first, second = weekly * 28 / 7, weekly * 31 / 7
    assert forecast.p_alive.tolist() == [0.5]
    assert forecast.p_order_90d[0] == pytest.approx(0.5 * (1 - (60 / (60 + 90 / 7)) ** 6))
    assert forecast.expected_orders[0] == pytest.approx([first, first + second])
    assert forecast.discounted_orders[0] == pytest.approx(
        [first * 1.15 ** (-0.5 / 12), first * 1.15 ** (-0.5 / 12) + second * 1.15 ** (-1.5 / 12)]
    )
    assert forecast.order_quantiles[0, 0].tolist() == [0, 0, 1]


# Hachemeister (1975): average claims and their numbers, five states, twelve quarters.
CLAIMS = """
1738 1642 1794 2051 2079 2234 2032 2035 2115 2262 2267 2517
1364 1408 1597 1444 1342 1675 1470 1448 1464 1831 1612 1471
1759 1685 1479 1763 1674 2103 1502 1622 1828 2155 2233 2059
1223 1146 1010 1257 1426 1532 1953 1123 1343 1243 1762 1306
1456 1499 1609 1741 1482 1572 1606 1735 1607 1573 1613 1690
"""
NUMBERS = """
7861 9251 8706 8575 7917 8263 9456 8003 7365 7832 7849 9077
1622 1742 1523 1515 1622 1602 1964 1515 1527 1748 1654 1861
1147 1357 1329 1204 998 1077 1277 1218 896 1003 1108 1121
407 396 348 341 315 328 352 331 287 384 321 342
2902 3172 3046 3068 2693 2910 3275 2697 2663 3017 3242 3425
"""


def test_credibility_is_that_of_the_textbook_data() -> None:
    """Structure parameters of the Buhlmann-Straub model: 139,120,026 within, 89,639 between."""
    claims, numbers = (
        np.array([[float(value) for value in line.split()] for line in text.split("\n") if line])
        for text in (CLAIMS, NUMBERS)
    )
    days = numbers.sum(axis=1)
    money = (claims * numbers).sum(axis=1)
    square = (numbers * (claims - (money / days)[:, None]) ** 2).sum(axis=1)

    prior = fit_margin_prior(Earnings(days, money, np.full(5, 12.0), square))

    assert prior.within_variance == pytest.approx(139_120_026, rel=1e-6)
    assert prior.between_variance == pytest.approx(89_639, rel=1e-5)
    assert prior.shrunk(days, money) == pytest.approx(
        (days * (money / days) + prior.weight * prior.mean) / (days + prior.weight)
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("r", "alpha"), [(0.55, 10.6), (1.0, 4.0), (6.0, 20.0)])
def test_the_fit_finds_the_distribution_that_drew_the_rates(
    r: float, alpha: float, seed: int
) -> None:
    draw = np.random.default_rng([seed, int(10 * r)])
    weeks = draw.integers(0, 365, 3000) / 7.0
    repeats = draw.poisson(draw.gamma(r, 1 / alpha, 3000) * weeks)

    prior = fit_rate_prior(repeats, weeks)

    assert prior.gradient_per_group < 1e-9
    assert abs(math.log(prior.r / r)) < 3.5 * prior.standard_errors[0]
    assert abs(math.log(prior.alpha / alpha)) < 3.5 * prior.standard_errors[1]
    rates = prior.rate(repeats, weeks)
    assert rates.mean() == pytest.approx(r / alpha, rel=0.1)


def cdnow_histories(log: pd.DataFrame, cutoff: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """x, t_x, T in days at a cut-off, and the order days up to a later date, per customer."""
    days = log.drop_duplicates(["sample_id", "date"])
    seen = days[days["date"] <= cutoff].groupby("sample_id")["date"].agg(["min", "max", "count"])
    later = days[(days["date"] > cutoff) & (days["date"] <= until)].groupby("sample_id").size()
    return pd.DataFrame(
        {
            "group_id": seen.index.map("{:04}".format),
            "fit_segment": COMPANY,
            "is_in_fit": True,
            "n_orders": seen["count"],
            "n_repeats": seen["count"] - 1,
            "repeat_days": (seen["max"] - seen["min"]).dt.days,
            "observed_days": (cutoff - seen["min"]).dt.days,
            "actual": later.reindex(seen.index).fillna(0).astype(int),
        }
    )


def test_run_rate_times_survival_beats_the_run_rate_on_cdnow(
    shared_data: Callable[[str], Path],
) -> None:
    """39 weeks to learn, 39 to forecast: ltv.md, 9 gives the plain run rate an error of 1.024."""
    log = pd.read_csv(shared_data("cdnow") / "cdnow_sample_elog.csv", parse_dates=["date"])
    cutoff, window = pd.Timestamp("1997-09-30"), pd.Timestamp("1997-06-30")
    now = cdnow_histories(log, cutoff, cutoff + pd.Timedelta(weeks=39))
    then = cdnow_histories(log, window, cutoff)
    nothing = np.zeros(len(now))
    night = NightInputs(
        as_of=cutoff.date(),
        is_published=np.ones(len(now), dtype=bool),
        now=History.of(now),
        earnings=Earnings(nothing, nothing, nothing, nothing),
        then=History.of(then),
        actual_orders=then["actual"].to_numpy(dtype=float),
        window_weeks=(cutoff - window).days / 7,
    )

    fitted = fit_run_rates(night, SETTINGS)[COMPANY]
    horizons = Horizons(np.array([9]), np.array([39.0]), np.array([39.0]))
    forecast = fitted.forecast(night.now, horizons, SETTINGS).expected_orders[:, 0]

    actual = now["actual"].to_numpy()
    plain = now["n_repeats"].to_numpy() / night.now.observed_weeks * 39
    assert actual.sum() == 1882
    assert np.abs(plain - actual).mean() == pytest.approx(1.024, abs=0.0005)
    assert np.abs(forecast - actual).mean() < 0.85
    assert forecast.sum() == pytest.approx(1882, rel=0.1)
