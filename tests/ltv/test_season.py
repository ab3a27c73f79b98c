"""A season that is not modelled bends forecasts of a quarter; the served one does not."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from assets.scores.ltv.history import OrderLog
from assets.scores.ltv.mbg_fit import fit_mbg_cnbd
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.season import Season, season_factors, whole_years
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import Floats

QUARTER = 91
NEVER = 10**9
START = date(2020, 1, 1)
FIRST_DAY = int(np.datetime64(START).astype(np.int64))
WAVE = tuple(1 + 0.4 * np.sin(2 * np.pi * (month - 1) / 12) for month in range(12))


@dataclass(frozen=True)
class Quarter:
    """What was seen of a market by the end of a month, and the orders of the quarter after."""

    log: OrderLog
    cutoff: int
    actual: int

    @property
    def factors(self) -> Floats:
        """The season as it is served."""
        is_repeat = np.ones(len(self.log.day), dtype=bool)
        is_repeat[self.log.starts[:-1]] = False
        return season_factors(
            self.log.day[is_repeat],
            self.log.day[self.log.starts[:-1]],
            whole_years(FIRST_DAY, self.cutoff),
            min_months=24,
            prior_orders=100,
        )

    def bias(self, factors: Floats) -> float:
        """Forecast of all orders in the quarter over what came, less 1."""
        season = Season.of(factors, FIRST_DAY, self.cutoff + QUARTER)
        histories = self.log.of_calendar(self.cutoff, np.zeros(self.log.n_clients, dtype=int))
        seen = self.log.purchases(histories, season)
        ends = season.weeks_at(np.array([self.cutoff, self.cutoff + QUARTER]))
        model = OrderModel.of(fit_mbg_cnbd(seen, 4).parameters, seen)
        return float(model.expected(np.full(seen.n, ends[1] - ends[0])).sum()) / self.actual - 1


def quarter(n_months: int, k: int = 1) -> Quarter:
    """40,000 clients that come evenly over all the time, and whose orders wave by 40 %."""
    ended = (np.datetime64(START, "M") + n_months).astype("datetime64[D]").astype(np.int64)
    cutoff = int(ended) - 1 - FIRST_DAY
    market = Market(
        k=k, r=1.4, alpha=14.0 / k, a=0.8, b=2.5, n_clients=40_000, entry_days=cutoff,
        cutoff=cutoff, future=QUARTER, season=WAVE, start=START, seed=f"season {n_months} {k}",
    )  # fmt: skip
    found = simulate(market)
    client = found.log["client"].to_numpy()
    day = found.log["day"].to_numpy() + FIRST_DAY
    log = OrderLog.of(client, day, np.full(len(day), NEVER), market.n_clients)
    return Quarter(log, cutoff + FIRST_DAY, int(found.future_orders.sum()))


@pytest.mark.parametrize("n_months", [36, 39, 42, 45])
@pytest.mark.parametrize("k", [1, 3])
def test_a_quarter_is_forecast_without_the_bias_of_its_season(n_months: int, k: int) -> None:
    found = quarter(n_months, k)

    served, blind = found.bias(found.factors), found.bias(np.ones(12))
    assert abs(blind) > 0.1
    assert abs(served) < 0.06
    assert abs(served) < abs(blind) / 2


def test_before_a_high_season_the_blind_forecast_is_a_quarter_too_low() -> None:
    found = quarter(39)

    assert -0.32 < found.bias(np.ones(12)) < -0.18
    assert abs(found.bias(np.array(WAVE))) < 0.03


def test_the_served_season_is_the_true_one_though_clients_are_lost_all_the_time() -> None:
    """Within the noise and the shrinkage of 100 orders a month."""
    factors = quarter(48).factors

    assert factors == pytest.approx(np.array(WAVE) / np.mean(WAVE), rel=0.1)


def test_a_steady_loss_of_clients_is_no_season() -> None:
    """24 months that each have 3 % fewer orders than the one before, of clients all of one day."""
    first = int(np.datetime64("2021-12-31").astype(np.int64))
    starts = np.array([np.datetime64("2022-01", "M") + m for m in range(25)])
    days = starts.astype("datetime64[D]").astype(np.int64)
    orders = np.concatenate([
        np.repeat(np.arange(days[m], days[m + 1]), round(2_000 * 0.97**m)) for m in range(24)
    ])  # fmt: skip
    factors = season_factors(
        orders,
        np.full(10, first),
        whole_years(int(days[0]), int(days[-1]) - 1),
        min_months=24,
        prior_orders=100,
    )

    assert factors == pytest.approx(np.ones(12), abs=0.002)
