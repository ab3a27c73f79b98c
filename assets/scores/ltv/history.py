"""Order days of clients, and their histories at a date in business time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.season import Season


@dataclass(frozen=True)
class OrderLog:
    """Order days sorted by client and day: the client's place, the day, the day it was undone.

    Days count from 1970-01-01. `starts` (n + 1,) tells where each client's days begin.
    """

    client: Integers
    day: Integers
    undone: Integers
    starts: Integers

    @classmethod
    def of(cls, client: Integers, day: Integers, undone: Integers, n_clients: int) -> "OrderLog":
        """The log of `n_clients` clients; the days in any order, none twice."""
        order = np.lexsort((day, client))
        sizes = np.bincount(client, minlength=n_clients)
        starts = np.append(0, np.cumsum(sizes))
        return cls(client[order], day[order], undone[order], starts)

    @property
    def n_clients(self) -> int:
        """Number of clients, those without an order day included."""
        return len(self.starts) - 1

    def until(self, cutoff: int) -> "OrderLog":
        """The days that had come by the end of a day and were not undone by then."""
        kept = (self.day <= cutoff) & (self.undone > cutoff)
        client = self.client[kept]
        sizes = np.bincount(client, minlength=self.n_clients)
        starts = np.append(0, np.cumsum(sizes))
        return OrderLog(client, self.day[kept], self.undone[kept], starts)

    def between(self, after: int, until: int, known: int) -> Integers:
        """Order days of each client in (`after`, `until`], as they stand at the end of `known`."""
        kept = (self.day > after) & (self.day <= until) & (self.undone > known)
        return np.bincount(self.client[kept], minlength=self.n_clients)

    def of_clients(self, places: Integers) -> "OrderLog":
        """The log of these clients, in this order."""
        sizes = self.starts[places + 1] - self.starts[places]
        starts = np.append(0, np.cumsum(sizes))
        rows = np.repeat(self.starts[places] - starts[:-1], sizes) + np.arange(starts[-1])
        client = np.repeat(np.arange(len(places)), sizes)
        return OrderLog(client, self.day[rows], self.undone[rows], starts)

    def of_calendar(self, cutoff: int, first_seen: Integers) -> "Histories":
        """Each client's history at a cut-off, of a log that ends there.

        A client without an order day is observed from `first_seen`.
        """
        n_orders = np.diff(self.starts)
        ordered = n_orders > 0
        first, last = first_seen.copy(), first_seen.copy()
        first[ordered] = self.day[self.starts[:-1][ordered]]
        last[ordered] = self.day[self.starts[1:][ordered] - 1]
        return Histories(n_orders=n_orders, first=first, last=last, cutoff=cutoff)

    def purchases(self, histories: "Histories", season: Season) -> Purchases:
        """The histories in business weeks, with the gaps between order days."""
        at = season.weeks_at(self.day)
        gaps = np.diff(at, prepend=at[:1])
        inner = np.ones(len(at), dtype=bool)
        inner[self.starts[:-1][np.diff(self.starts) > 0]] = False
        log_gaps = np.bincount(
            self.client[inner], weights=np.log(gaps[inner]), minlength=self.n_clients
        )
        begun = season.weeks_at(histories.first)
        return Purchases(
            n_repeats=histories.n_repeats,
            last=season.weeks_at(histories.last) - begun,
            observed=season.weeks_at(np.array([histories.cutoff])) - begun,
            log_gaps=np.asarray(log_gaps, dtype=np.float64),
        )


@dataclass(frozen=True)
class Histories:
    """Histories at a cut-off in calendar days: order days, the first and the last of them."""

    n_orders: Integers
    first: Integers
    last: Integers
    cutoff: int

    def taken(self, places: Integers) -> "Histories":
        """The histories of the clients at these places."""
        return Histories(self.n_orders[places], self.first[places], self.last[places], self.cutoff)

    @property
    def n_repeats(self) -> Integers:
        """Order days after the first."""
        return np.maximum(self.n_orders - 1, 0)

    @property
    def observed_days(self) -> Integers:
        """From the first order day to the cut-off."""
        return np.asarray(self.cutoff - self.first)

    @property
    def usual_gap_days(self) -> Floats:
        """t_x / x in calendar days; NaN without a repeat."""
        found = np.full(len(self.n_orders), np.nan)
        np.divide(self.last - self.first, self.n_repeats, out=found, where=self.n_repeats > 0)
        return found

    def is_new(self, weeks: float) -> NDArray[np.bool_]:
        """Clients without a repeat in fewer than so many weeks."""
        return np.asarray((self.n_repeats == 0) & (self.observed_days < 7 * weeks))
