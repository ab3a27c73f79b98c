"""Small companies for the tests of lifetime value: frames of the marts, and the facts in them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.scores.ltv.facts import Facts, Frames
from assets.scores.ltv.settings import LtvSettings
from tests.ltv.client import NEVER, Client, number, stamp, text
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
CLIENT_COLUMNS = (
    "cutoff_date", "group_id", "first_seen_date", "created_date", "fit_segment", "is_key_account",
    "manager_id", "is_same_tree", "margin_order_days", "margin_contribution_rc", "margin_months",
    "margin_within_square", "margin_repeat_days", "margin_repeat_contribution_rc",
)  # fmt: skip


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
