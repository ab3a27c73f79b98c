"""The facts behind lifetime value, as arrays."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]

COMPANY = "company"
DAYS_PER_WEEK = 7.0
UNDATED = -1  # in place of a day that is not known


@dataclass(frozen=True)
class Earnings:
    """What clients earned in the margin window; arrays (n,).

    `order_days` in the window, their `contribution` in money (0 where nothing is known), the
    months with an order, and the sum over these months of order days x (margin per order day -
    the client's mean) squared. `repeat_days` and `repeat_contribution` leave out the month of a
    client's first order.
    """

    order_days: Floats
    contribution: Floats
    n_months: Floats
    within_square: Floats
    repeat_days: Floats
    repeat_contribution: Floats

    def taken(self, where: NDArray[Any]) -> "Earnings":
        """The earnings of the clients at these places, or for which `where` is true."""
        return Earnings(*(getattr(self, field.name)[where] for field in fields(self)))


@dataclass(frozen=True)
class Clients:
    """The clients of a cut-off, sorted by group_id; arrays (n,) of what was so on that day.

    `created` and `first_seen` are days since 1970-01-01, UNDATED where a creation is not known;
    `is_same_tree`: its customers are still those of the cut-off; `earnings` of the margin window.
    After a merger a group stands in several entries for a while, one per `part_id`, its own first;
    elsewhere `part_id` is the group.
    """

    group_id: Texts
    part_id: Texts
    fit_segment: Texts
    created: Integers
    first_seen: Integers
    is_key: Flags
    manager_id: Texts
    is_same_tree: Flags
    earnings: Earnings

    @property
    def n(self) -> int:
        """Number of clients."""
        return len(self.group_id)

    def in_segment(self, segment: str) -> Flags:
        """Which clients belong to a fit segment; all of them to the company."""
        if segment == COMPANY:
            return np.ones(self.n, dtype=bool)
        return np.asarray(self.fit_segment == segment, dtype=bool)

    @property
    def segments(self) -> list[str]:
        """The fit segments of the clients, the company first."""
        return [COMPANY, *sorted(set(self.fit_segment) - {COMPANY})]

    @property
    def owners(self) -> Integers:
        """The places at which a group begins: one entry per group."""
        return np.flatnonzero(np.append(True, self.group_id[1:] != self.group_id[:-1]))

    def owner_of(self, places: Integers) -> Integers:
        """The position of each entry's group among the groups."""
        return np.searchsorted(self.owners, places, side="right") - 1

    def taken(self, places: NDArray[Any]) -> "Clients":
        """The clients at these places."""
        return Clients(
            *(
                getattr(self, field.name).taken(places)
                if field.name == "earnings"
                else getattr(self, field.name)[places]
                for field in fields(self)
            )
        )

    def parted(self, part_id: Texts, is_extra: Flags) -> "Clients":
        """The same under these parts; what a group earned stands with its own part only."""
        kept = replace(
            self.earnings,
            **{
                each.name: np.where(is_extra, 0.0, getattr(self.earnings, each.name))
                for each in fields(self.earnings)
            },
        )
        return replace(self, part_id=part_id, earnings=kept)
