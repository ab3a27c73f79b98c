"""Published estimates of customer-base models, reproduced by textbook code: what ours is held to.

The numbers are those of Fader, Hardie & Lee on CDNOW (calibration of 39 weeks, to 1997-09-30).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.ltv.references import (
    BgNbd,
    Floats,
    MbgNbd,
    ParetoNbd,
    gamma_gamma_log_likelihood,
    maximise,
    sbg_log_likelihood,
)
from tests.ltv.summary import summarise

WEEKS = 39.0


def distinct(*columns: Floats) -> tuple[tuple[Floats, ...], Floats]:
    """The distinct rows of these columns, and how often each stands there."""
    rows, times = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return tuple(rows.T), times.astype(float)


def fitted(model: Any, *history: Floats) -> tuple[tuple[float, ...], float]:
    """Maximum-likelihood parameters of a model on x, t_x, T, and the log-likelihood."""
    columns, times = distinct(*history)
    return maximise(
        lambda *found: float(np.sum(times * model.log_likelihood(*found, *columns))), model.start
    )


@pytest.fixture(scope="module")
def cdnow(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("cdnow")


@pytest.fixture(scope="module")
def published_summary(cdnow: Path) -> tuple[Floats, ...]:
    """The calibration summary as published, times rounded to a hundredth of a week."""
    table = pd.read_csv(cdnow / "cdnow_customers_summary.csv")
    return tuple(table[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))


@pytest.fixture(scope="module")
def halves(cdnow: Path) -> tuple[tuple[Floats, ...], Floats]:
    """x, t_x and T of the event log at the cut-off, and the order days of the next 39 weeks."""
    log = pd.read_csv(cdnow / "cdnow_sample_elog.csv", parse_dates=["date"])
    log["day"] = (log["date"] - pd.Timestamp("1997-01-01")).dt.days
    log = log.rename(columns={"sample_id": "client"})[["client", "day"]].drop_duplicates()
    cutoff = (pd.Timestamp("1997-09-30") - pd.Timestamp("1997-01-01")).days
    history = summarise(log, cutoff)
    later = log[(log["day"] > cutoff) & (log["day"] <= cutoff + 7 * WEEKS)]
    actual = later.groupby("client").size().reindex(history.client, fill_value=0)
    return (history.x.astype(float), history.t_x, history.T), actual.to_numpy(dtype=float)


@pytest.mark.parametrize(
    ("model", "parameters", "log_likelihood", "tolerance"),
    [
        (BgNbd, (0.242593, 4.4135, 0.79289, 2.42575), -9582.4256, 1e-4),
        (MbgNbd, (0.5248, 6.1830, 0.8914, 1.6140), -9582.133, 1e-4),
        (ParetoNbd, (0.55328, 10.5776, 0.60620, 11.6674), -9594.974, 2e-4),
    ],
)
def test_the_published_estimates_maximise_the_likelihood_of_the_summary(
    published_summary: tuple[Floats, ...],
    model: Any,
    parameters: tuple[float, ...],
    log_likelihood: float,
    tolerance: float,
) -> None:
    found, height = fitted(model, *published_summary)

    assert found == pytest.approx(parameters, rel=tolerance)
    assert height == pytest.approx(log_likelihood, abs=6e-4)


@pytest.mark.parametrize(
    ("model", "log_likelihood", "error"),
    [
        (BgNbd, -9582.429, 0.785),
        (MbgNbd, -9582.1357, 0.765),
        (ParetoNbd, -9594.976, 0.755),
    ],
)
def test_on_the_event_log_likelihood_and_forecast_error_are_the_known_ones(
    halves: tuple[tuple[Floats, ...], Floats], model: Any, log_likelihood: float, error: float
) -> None:
    history, actual = halves
    found, height = fitted(model, *history)

    assert height == pytest.approx(log_likelihood, abs=6e-4)
    forecast = model.expected(WEEKS, *found, *history)
    assert np.abs(forecast - actual).mean() == pytest.approx(error, abs=5e-4)
    if model is ParetoNbd:
        assert found[3] == pytest.approx(11.6687, rel=2e-4)


def test_simple_rules_on_the_event_log_err_as_known(
    halves: tuple[tuple[Floats, ...], Floats],
) -> None:
    (x, t_x, T), actual = halves
    run_rate = x / T * WEEKS
    is_silent = T - t_x >= 2 * t_x / np.maximum(x, 1)
    rules = {"last period": x, "run rate": run_rate, "hiatus": np.where(is_silent, 0, run_rate)}

    assert actual.sum() == 1882
    errors = {name: np.abs(rule - actual).mean() for name, rule in rules.items()}
    assert errors == pytest.approx(
        {"last period": 0.897, "run rate": 1.024, "hiatus": 0.790}, abs=5e-4
    )


def test_the_client_of_the_paper_is_expected_to_order_as_published() -> None:
    paper = (0.242593, 4.4135, 0.79289, 2.42575)
    ours = (0.5248, 6.1830, 0.8914, 1.6140)
    client = (np.array(2.0), np.array(30.43), np.array(38.86))

    assert BgNbd.expected(39, *paper, *client) == pytest.approx(1.226, abs=5e-4)
    assert MbgNbd.expected(39, *ours, *client) == pytest.approx(1.262629, abs=1e-6)
    assert MbgNbd.p_alive(*ours, *client) == pytest.approx(0.706118, abs=1e-6)


def test_values_of_orders_follow_the_published_gamma_gamma(cdnow: Path) -> None:
    table = pd.read_csv(cdnow / "cdnow_customers_summary_with_transactions.csv")
    repeaters = table[table["x"] > 0]
    columns = repeaters["x"].to_numpy(dtype=float), repeaters["zbar"].to_numpy(dtype=float)
    found, height = maximise(
        lambda p, q, gamma: float(np.sum(gamma_gamma_log_likelihood(p, q, gamma, *columns))),
        (5.0, 3.0, 15.0),
    )

    assert found == pytest.approx((6.2488, 3.7446, 15.4477), rel=1e-4)
    assert height == pytest.approx(-4055.92, abs=6e-3)


def test_the_high_end_cohort_leaves_as_published(cdnow: Path) -> None:
    survivors = pd.read_csv(cdnow / "sbg_retention.csv")["highend"].to_numpy(dtype=float)[:8]
    found, _ = maximise(lambda a, b: sbg_log_likelihood(a, b, survivors), (1.0, 1.0))

    assert found == pytest.approx((0.6681, 3.8061), rel=2e-4)
