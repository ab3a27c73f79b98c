"""A client of a small company, as the marts describe it on a day, and the days of its story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.ltv.horizon import month_end_away

MARGIN_MONTHS = 24
NEVER = "9999-12-31"


@dataclass(frozen=True)
class Client:
    """A group: its own order days, those of groups it absorbed, and what its months earned.

    Days and months are ISO texts. `absorbed` by part_id: the day of the merger and the days
    before it. An order day earns `margin` in its month (None: nothing is known of costs), unless
    `earned` says otherwise of the month. `undone`: by order day, the day that took it back.
    """

    group_id: str
    orders: Sequence[str] = ()
    segment: str = "RETAIL"
    created: str | None = None
    first_seen: str | None = None
    is_key: bool = False
    manager: str | None = None
    is_same_tree: bool = True
    margin: float | None = 100.0
    earned: Mapping[str, float] = field(default_factory=dict)
    undone: Mapping[str, str] = field(default_factory=dict)
    absorbed: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def part_days(self) -> list[tuple[str, str]]:
        """Every part and order day."""
        others = [(part, day) for part, (_, days) in self.absorbed.items() for day in days]
        return [(self.group_id, day) for day in self.orders] + others

    @property
    def days(self) -> list[str]:
        """The distinct order days of the whole group."""
        return sorted({day for _, day in self.part_days})

    def undone_of(self, day: str) -> str:
        """The day that took an order day back."""
        return self.undone.get(day, NEVER)

    def days_at(self, cutoff: str) -> list[str]:
        """The order days that stand at the end of a day."""
        return [day for day in self.days if day <= cutoff < self.undone_of(day)]

    def month_results(self) -> dict[str, float]:
        """Contribution by month, of the months with a posting."""
        found: dict[str, float] = {}
        for day in self.days if self.margin is not None else ():
            found[day[:7]] = found.get(day[:7], 0.0) + (self.margin or 0.0)
        return found | dict(self.earned)

    def row(self, cutoff: str) -> dict[str, Any]:
        """The client as the mart describes it at a cut-off."""
        known = self.days_at(cutoff)
        base = {
            "cutoff_date": stamp(cutoff),
            "group_id": self.group_id,
            "first_seen_date": stamp(self.first_seen or known[0]),
            "created_date": stamp(self.created) if self.created else pd.NaT,
            "fit_segment": self.segment,
            "is_key_account": self.is_key,
            "manager_id": self.manager,
            "is_same_tree": self.is_same_tree,
        }
        return base | self._earnings(cutoff, known)

    def _earnings(self, cutoff: str, known: Sequence[str]) -> dict[str, float]:
        """The margin window: the months of two years up to the cut-off's."""
        oldest = str(np.datetime64(cutoff[:7]) - MARGIN_MONTHS + 1)
        results = {m: c for m, c in self.month_results().items() if oldest <= m <= cutoff[:7]}
        counted = [day[:7] for day in known if day[:7] >= oldest and (results or self.earned)]
        months = sorted({*results, *counted})
        days = {month: counted.count(month) for month in months}
        money = {month: results.get(month, 0.0) for month in months}
        ordered = [month for month in months if days[month]]
        repeat = [month for month in months if known and month > known[0][:7]]
        n = sum(days.values())
        mean = sum(money[m] for m in ordered) / n if n else 0.0
        return {
            "margin_order_days": n,
            "margin_contribution_rc": sum(money.values()),
            "margin_months": len(ordered),
            "margin_within_square": sum(
                days[m] * (money[m] / days[m] - mean) ** 2 for m in ordered
            ),
            "margin_repeat_days": sum(days[m] for m in repeat),
            "margin_repeat_contribution_rc": sum(money[m] for m in repeat),
        }


def stamp(day: str) -> pd.Timestamp:
    """A day as the frames hold it."""
    return pd.Timestamp(day).as_unit("s")


def number(day: str) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def text(day: int) -> str:
    """The ISO text of a day number."""
    return str(np.datetime64(int(day), "D"))


def every(gap: int, first: str, last: str) -> list[str]:
    """A day, and then every so many days up to a last one."""
    return [text(day) for day in range(number(first), number(last) + 1, gap)]


def month_ends(first: str, last: str) -> list[str]:
    """The month ends from one to another, both included."""
    months = range((np.datetime64(last, "M") - np.datetime64(first, "M")).astype(int) + 1)
    return [text(month_end_away(number(first), each)) for each in months]
