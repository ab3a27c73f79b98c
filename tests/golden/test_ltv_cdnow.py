"""The code that serves the night, called on CDNOW: 39 weeks forecast from 39 weeks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.history import OrderLog
from assets.scores.ltv.inputs import COMPANY, UNDATED, Clients, Earnings, Floats
from assets.scores.ltv.naive import naive_orders
from assets.scores.ltv.rungs import OWN
from assets.scores.ltv.score import Scored, score_cutoff
from tests.ltv import cdnow
from tests.ltv.company import SETTINGS

LAST_DAY = int(np.datetime64("1997-09-30").astype(np.int64))
FIRST_DAY = int(np.datetime64("1997-01-01").astype(np.int64))
MONTHS = 9  # to 30 June 1998: 273 days, 39 weeks


@pytest.fixture(scope="module")
def night(shared_data: Callable[[str], Path]) -> tuple[Cutoff, Scored, Floats]:
    """The customers on the last day of the calibration, their forecast, and what came."""
    rows = cdnow.order_days(shared_data("cdnow"))
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    names, client = np.unique(rows["sample_id"].to_numpy(), return_inverse=True)
    n = len(names)
    first = np.full(n, LAST_DAY)
    np.minimum.at(first, client, day)
    nothing = Earnings(*(np.zeros(n) for _ in range(6)))
    identity = np.array([f"{name:05}" for name in names], dtype=object)
    clients = Clients(
        group_id=identity,
        part_id=identity,
        fit_segment=np.full(n, COMPANY, dtype=object),
        created=np.full(n, UNDATED),
        first_seen=first,
        is_key=np.zeros(n, dtype=bool),
        manager_id=np.full(n, None, dtype=object),
        is_same_tree=np.ones(n, dtype=bool),
        earnings=nothing,
    )
    log = OrderLog.of(client, day, np.full(len(day), LAST_DAY + 10_000), n)
    cutoff = Cutoff(LAST_DAY, FIRST_DAY, clients, log)
    scored = score_cutoff(cutoff, cutoff, [], [], (MONTHS,), SETTINGS)
    came = log.between(LAST_DAY, LAST_DAY + 273, LAST_DAY + 273)
    return cutoff, scored, came.astype(np.float64)


def test_cdnow_is_served_by_its_own_fit_with_the_published_likelihood_and_k_of_one(
    night: tuple[Cutoff, Scored, Floats],
) -> None:
    _, scored, came = night
    [fit] = scored.fits.values()

    assert scored.choices[COMPANY].rung == OWN
    assert fit.is_fit_on_all
    assert (fit.n_fitted, int(came.sum())) == (2357, 1882)
    assert fit.mbg[OWN].parameters.k == 1
    assert fit.mbg[OWN].log_likelihood == pytest.approx(-9582.1357, abs=1e-3)


def test_the_forecast_of_cdnow_errs_as_published_and_less_than_every_rule(
    night: tuple[Cutoff, Scored, Floats],
) -> None:
    cutoff, scored, came = night
    said = scored.forecast.expected[:, 0]
    histories = cutoff.histories
    rules = naive_orders(cutoff.log, histories, MONTHS, FIRST_DAY)
    # Nothing was delivered of the year before, and the first order is none that comes again.
    rules["seasonal"] = np.zeros(len(came))
    rules["last period's repeats again"] = histories.n_repeats.astype(np.float64)

    def rmse(forecast: Floats) -> float:
        return float(np.sqrt(np.mean((forecast - came) ** 2)))

    assert np.mean(np.abs(said - came)) <= 0.77
    assert np.mean(np.abs(rules["hiatus"] - came)) == pytest.approx(0.790, abs=5e-4)
    for name, forecast in rules.items():
        assert rmse(said) < rmse(forecast), name
