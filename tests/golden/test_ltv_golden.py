"""The simpler rungs and the margin of lifetime value on published data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.facts import Facts
from assets.scores.ltv.inputs import Earnings
from assets.scores.ltv.margin import GAMMA_GAMMA, fit_margin, fit_margin_prior
from assets.scores.ltv.rungs import RUN_RATE, fit_segments
from tests.ltv import cdnow
from tests.ltv.client import Client, number
from tests.ltv.company import SETTINGS, frames

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

    prior = fit_margin_prior(Earnings(days, money, np.full(5, 12.0), square, days, money))

    assert prior.within_variance == pytest.approx(139_120_026, rel=1e-6)
    assert prior.between_variance == pytest.approx(89_639, rel=1e-5)
    assert prior.shrunk(days, money) == pytest.approx(
        (days * (money / days) + prior.weight * prior.mean) / (days + prior.weight)
    )


def test_values_of_orders_of_cdnow_are_fitted_as_published(
    shared_data: Callable[[str], Path],
) -> None:
    rows = pd.read_csv(shared_data("cdnow") / "cdnow_customers_summary_with_transactions.csv")
    x, mean = rows["x"].to_numpy(dtype=float), rows["zbar"].to_numpy(dtype=float)
    nothing = np.zeros(len(rows))
    earnings = Earnings(x + 1, (x + 1) * mean, x + 1, nothing, x, x * mean)

    margin = fit_margin(earnings, SETTINGS)
    fitted = margin.gamma_gamma

    assert margin.method == GAMMA_GAMMA
    assert fitted is not None
    assert [fitted.p, fitted.q, fitted.gamma] == pytest.approx([6.2488, 3.7446, 15.4477], rel=1e-4)
    assert fitted.log_likelihood == pytest.approx(-4055.92, abs=0.006)
    assert fitted.mean == pytest.approx(6.2488 * 15.4477 / 2.7446, rel=1e-4)
    of_repeater = (6.2488 * (15.4477 + x * mean)) / (6.2488 * x + 2.7446)
    assert margin.of(earnings) == pytest.approx(of_repeater, rel=2e-4)


def test_run_rate_times_survival_beats_the_run_rate_on_cdnow(
    shared_data: Callable[[str], Path],
) -> None:
    """39 weeks to learn, 39 to forecast: plain x / T errs by 1.024 orders."""
    log = cdnow.order_days(shared_data("cdnow"))
    days = log["date"].dt.strftime("%Y-%m-%d").groupby(log["sample_id"])
    clients = [
        Client(f"{name:04}", sorted(each), created="1997-01-01", margin=None)
        for name, each in days
        if min(each) <= "1997-09-30"
    ]
    night = "1997-09-30"
    facts = Facts.of(frames(clients, [night], [], "1997-01-01"), SETTINGS)
    cutoff = facts.groups(number(night))
    fit = fit_segments(cutoff, SETTINGS)["RETAIL"]

    forecast = fit.model(RUN_RATE).expected(np.full(len(clients), 39.0))

    ended = cutoff.day + 7 * 39
    actual = cutoff.source.between(cutoff.day, ended, ended)
    plain = cutoff.histories.n_repeats / (cutoff.histories.observed_days / 7) * 39
    assert actual.sum() == 1882
    assert np.abs(plain - actual).mean() == pytest.approx(1.024, abs=0.0005)
    assert np.abs(forecast - actual).mean() < 0.85
    assert forecast.sum() == pytest.approx(1882, rel=0.1)
