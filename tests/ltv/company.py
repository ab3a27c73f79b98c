"""Small companies for the tests of lifetime value, described client by client."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.ltv.facts import Facts, Frames
from assets.scores.ltv.horizon import month_end_away
from assets.scores.ltv.settings import LtvSettings
from tests.ltv.simulator import Market, simulate

SETTINGS = LtvSettings(
    horizons=(12, 36, 60), annual_rate=0.15, min_repeaters=100, pool_repeaters=30, k_max=12,
    gradient_max=1e-5, log_parameter_max=9.0, log_standard_error_max=3.0, pool_ridge=0.01,
    naive_tolerance=1.05, new_weeks=8.0, truncation_days=365, survival_edges=(1.0, 1.5, 3.0),
    survival_prior_orders=5.0, season_min_months=24, season_prior_orders=100.0,
    gamma_gamma_max_rho=0.3, gamma_gamma_min_q=1.5, draws=400, min_backtest_n=30,
    portfolio_min_cutoffs=6, portfolio_min_independent=2, merger_hold_month_ends=2,
    pool_months=36, pool_months_1095=72, known_within_days=3,
)  # fmt: skip
MARGIN_MONTHS = 24
NEVER = "9999-12-31"
CLIENT_COLUMNS = (
    "cutoff_date", "group_id", "first_seen_date", "created_date", "fit_segment", "is_key_account",
    "manager_id", "is_same_tree", "margin_order_days", "margin_contribution_rc", "margin_months",
    "margin_within_square", "margin_repeat_days", "margin_repeat_contribution_rc",
)  # fmt: skip


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


def company(
    clients: Collection[Client],
    nights: Sequence[str],
    *,
    decisions: Sequence[str] = (),
    delivered_from: str = "2020-01-01",
    settings: LtvSettings = SETTINGS,
) -> Facts:
    """The facts of a company on these nights, with these decision dates behind them."""
    return Facts.of(frames(clients, nights, decisions, delivered_from), settings)


def frames(
    clients: Collection[Client], nights: Sequence[str], decisions: Sequence[str], delivered: str
) -> Frames:
    """The rows of the marts."""
    cutoffs = sorted({*nights, *decisions})
    return Frames(
        cutoffs=pd.DataFrame({
            "cutoff_date": [stamp(day) for day in cutoffs],
            "is_night": [day in nights for day in cutoffs],
            "is_decision": [day in decisions for day in cutoffs],
        }),
        clients=pd.DataFrame(
            [
                client.row(day)
                for day in cutoffs
                for client in clients
                if (client.first_seen or NEVER) <= day or client.days_at(day)
            ],
            columns=list(CLIENT_COLUMNS),
        ),
        order_days=_rows(
            [(c.group_id, day, c.undone_of(day)) for c in clients for day in c.days],
            ["group_id", "order_date", "undone_date"],
        ),
        part_days=_rows(
            [(c.group_id, part, day, c.undone_of(day)) for c in clients if c.absorbed
             for part, day in c.part_days],
            ["group_id", "part_id", "order_date", "undone_date"],
        ),
        mergers=_rows(
            [(c.group_id, part, on) for c in clients for part, (on, _) in c.absorbed.items()],
            ["group_id", "part_id", "merged_date"],
        ),
        contributions=_rows(
            [(c.group_id, f"{month}-01", money) for c in clients
             for month, money in c.month_results().items()],
            ["group_id", "month", "contribution_rc"],
        ),
        delivered_from=stamp(delivered),
    )  # fmt: skip


def _rows(rows: list[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns)
    for name in columns:
        if name.endswith("_date") or name == "month":
            table[name] = table[name].to_numpy(dtype="datetime64[s]")
    return table


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


def crowd(n: int, last: str, *, seed: str = "crowd", days: int = 730, **like: Any) -> list[Client]:
    """Clients of the process behind MBG/NBD, entering over a year; a year after `last` too.

    History takes `days` up to the last day; every client was created on its first order day.
    """
    begun = number(last) - days
    market = Market(n_clients=n, cutoff=days, seed=seed)
    found = simulate(market)
    log = pd.concat([found.log, found.later]).groupby("client")["day"]
    return [
        replace(
            Client(f"C{client:04}", [text(begun + day) for day in sorted(at)],
                   created=text(begun + min(at))),
            **like,
        )
        for client, at in log
    ]  # fmt: skip
