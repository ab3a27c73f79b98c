"""The simulator follows the process it names: its averages are those that the process implies."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammainc
from scipy.stats import kstest

from tests.ltv.references import MbgNbd
from tests.ltv.simulator import Market, business_days, simulate
from tests.ltv.summary import summarise

CROWD = Market(r=3.0, alpha=45.0, a=0.9, b=3.0, n_clients=40_000, seed="crowd")
WAVE = tuple(1 + 0.4 * np.sin(2 * np.pi * month / 12) for month in range(12))


def within_noise(found: np.ndarray, expected: float) -> bool:
    """A sample mean no farther than four of its standard errors from an expected value."""
    return bool(abs(found.mean() - expected) < 4 * found.std() / np.sqrt(len(found)))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_as_many_clients_never_repeat_as_the_process_says(k: int) -> None:
    """P(X(T) = 0) = P(left at once) + P(stayed) x P(first gap > T), T averaged over clients."""
    market = replace(CROWD, k=k, alpha=45.0 / k)
    history = summarise(simulate(market).log, market.cutoff)
    rates = np.random.default_rng(7).gamma(market.r, 1 / market.alpha, 2_000)
    gap_is_over = gammainc(k, np.outer(history.T[::40], rates)).mean()

    left_at_once = market.a / (market.a + market.b)
    expected = left_at_once + (1 - left_at_once) * (1 - gap_is_over)
    assert within_noise(history.x == 0, expected)


def test_gaps_of_a_steady_client_are_sums_of_k_stages() -> None:
    """With one rate for all and nobody leaving, gaps are Erlang."""
    market = replace(CROWD, k=3, r=1e8, alpha=1e8, a=1e-3, b=1e3, n_clients=300)
    log = simulate(market).log
    gaps = log.groupby("client")["day"].diff().dropna().to_numpy(dtype=float)

    early = gaps[:4_000] + np.random.default_rng(1).uniform(-0.5, 0.5, 4_000)
    assert kstest(early / 7, lambda week: gammainc(3, np.maximum(week, 0))).pvalue > 1e-3


def test_orders_of_the_future_are_those_that_the_model_of_one_stage_expects() -> None:
    found = simulate(CROWD)
    history = summarise(found.log, CROWD.cutoff)
    truth = (CROWD.r, CROWD.alpha, CROWD.a, CROWD.b)
    arrays = history.x.astype(float), history.t_x, history.T

    expected = MbgNbd.expected(CROWD.future / 7, *truth, *arrays)
    assert within_noise(found.future_orders - expected, 0.0)
    assert within_noise(found.is_alive - MbgNbd.p_alive(*truth, *arrays), 0.0)


def test_orders_move_with_the_season_and_their_number_does_not() -> None:
    still = replace(CROWD, cutoff=1_095, entry_days=1, a=1e-3, b=1e3, start=date(2021, 1, 1))
    wave = replace(still, season=WAVE)
    calm, rough = simulate(still).log, simulate(wave).log

    days = np.datetime64(wave.start) + rough["day"].to_numpy()[rough["day"] > 0]
    month = days.astype("datetime64[M]").astype(int) % 12
    length = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    pace = np.bincount(month, minlength=12) / length
    assert pace / pace.mean() == pytest.approx(WAVE, abs=0.06)
    assert len(rough) == pytest.approx(len(calm), rel=0.02)
    assert business_days(wave)[365] == pytest.approx(365, abs=1.0)


def test_what_happened_before_the_first_seen_day_is_not_in_the_log() -> None:
    market = replace(CROWD, seen_from=500, n_clients=500)
    whole, part = simulate(replace(market, seen_from=0)), simulate(market)

    expected = whole.log[whole.log["day"] >= 500].reset_index(drop=True)
    assert part.log.equals(expected)
    assert (part.entered == whole.entered).all()
    assert (part.future_orders == whole.future_orders).all()


def test_the_same_market_gives_the_same_histories_and_another_seed_gives_others() -> None:
    market = replace(CROWD, n_clients=200)

    assert simulate(market).log.equals(simulate(market).log)
    assert not simulate(market).log.equals(simulate(replace(market, seed="other")).log)


def test_a_summary_is_that_of_the_days_counted_by_hand() -> None:
    """A client of four order days, 3, 10, 38 and 40, seen until day 52."""
    history = summarise(pd.DataFrame({"client": 5, "day": [3, 10, 38, 40, 55]}), 52)

    assert history.client.tolist() == [5]
    assert history.x.tolist() == [3]
    assert (history.t_x[0], history.T[0]) == (37 / 7, 7.0)
    assert history.log_gaps[0] == pytest.approx(np.log(1) + np.log(4) + np.log(2 / 7))
