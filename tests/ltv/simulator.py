"""Invented order histories whose truth is known: the process behind MBG/CNBD-k, client by client.

Each client has a rate ~ gamma(r, alpha in weeks) and a dropout chance ~ beta(a, b). Its gaps are
sums of k exponential stages, and after every order, the first included, it leaves for good with
its dropout chance (Platzer & Reutterer 2016, JMIS 30).
"""

from dataclasses import dataclass, replace
from datetime import date
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS_PER_WEEK = 7
EVEN = (1.0,) * 12


@dataclass(frozen=True)
class Market:
    """What is simulated; days are counted from `start`, and nothing is seen before `seen_from`.

    Clients enter evenly in the first `entry_days`; history ends with day `cutoff`, the future
    with day `cutoff + future`. `season` says how fast business time runs in each calendar month.
    """

    k: int = 1
    r: float = 0.9
    alpha: float = 9.0
    a: float = 0.8
    b: float = 2.5
    n_clients: int = 6_000
    entry_days: int = 364
    cutoff: int = 728
    future: int = 364
    season: tuple[float, ...] = EVEN
    seen_from: int = 0
    start: date = date(2020, 1, 1)
    seed: str = "market"

    def with_future(self, future: int) -> "Market":
        """The same clients and orders up to the cut-off, followed longer or shorter."""
        return replace(self, future=future)


@dataclass(frozen=True)
class Simulated:
    """An event log with the truth behind it.

    `log`: one row per client and order day up to the cut-off that is seen (client, day), in that
    order. `later`: the same for the days after the cut-off. The arrays have one entry per client:
    the day it entered, whether it is still a client at the cut-off, its distinct order days in the
    future, and its own rate and dropout chance.
    """

    market: Market
    log: pd.DataFrame
    later: pd.DataFrame
    entered: Integers
    is_alive: NDArray[np.bool_]
    future_orders: Integers
    rate: Floats
    dropout: Floats


def business_days(market: Market) -> Floats:
    """Business time passed at the end of each day of the simulation, in days; 0 on the first.

    The season is scaled to a mean of 1 over the days of a common year.
    """
    days = np.datetime64(market.start) + np.arange(market.cutoff + market.future + 1)
    pace = np.asarray(market.season)[days.astype("datetime64[M]").astype(int) % 12]
    year = np.datetime64("2023-01-01") + np.arange(365)
    pace = pace / np.mean(np.asarray(market.season)[year.astype("datetime64[M]").astype(int) % 12])
    return np.concatenate([[0.0], np.cumsum(pace[1:])])


def simulate(market: Market) -> Simulated:
    """Order histories of `n_clients` clients; the same market gives the same histories."""
    random = np.random.default_rng(crc32(market.seed.encode()))
    n = market.n_clients
    entered = np.sort(random.integers(0, max(market.entry_days, 1), n))
    rate = np.maximum(random.gamma(market.r, 1.0 / market.alpha, n), 1e-9) / DAYS_PER_WEEK
    dropout = random.beta(market.a, market.b, n)
    passed = business_days(market)
    clients, days, is_alive = _orders(market, random, entered, rate, dropout, passed)
    orders = pd.DataFrame({"client": clients, "day": days}).drop_duplicates()
    orders = orders.sort_values(["client", "day"], ignore_index=True)
    is_past = orders["day"] <= market.cutoff
    later = orders[~is_past].reset_index(drop=True)
    return Simulated(
        market=market,
        log=orders[is_past & (orders["day"] >= market.seen_from)].reset_index(drop=True),
        later=later,
        entered=entered,
        is_alive=is_alive,
        future_orders=np.bincount(later["client"], minlength=n),
        rate=rate * DAYS_PER_WEEK,
        dropout=dropout,
    )


def _orders(
    market: Market,
    random: np.random.Generator,
    entered: Integers,
    rate: Floats,
    dropout: Floats,
    passed: Floats,
) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Client and day of every order, and who is alive at the cut-off; one round, one order each.

    An order falls on the first day at whose end its business time has passed.
    """
    waiting = np.arange(len(entered))
    reached = passed[entered]
    is_alive = np.zeros(len(entered), dtype=bool)
    clients, days = [waiting], [entered]
    while len(waiting):
        stays = random.random(len(waiting)) >= dropout[waiting]
        waiting = waiting[stays]
        gaps = random.gamma(market.k, 1.0 / rate[waiting])
        seen_until = reached[stays]
        reached = seen_until + gaps
        crosses = (seen_until <= passed[market.cutoff]) & (reached > passed[market.cutoff])
        is_alive[waiting[crosses]] = True
        inside = reached <= passed[-1]
        waiting, reached = waiting[inside], reached[inside]
        clients.append(waiting)
        days.append(np.searchsorted(passed, reached))
    return np.concatenate(clients), np.concatenate(days), is_alive
