"""Small companies for the tests of lifetime value, as the marts would describe them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from assets.scores.ltv.inputs import LtvInputs, LtvSettings

SETTINGS = LtvSettings(
    horizons=(12, 36, 60),
    annual_rate=0.15,
    pool_repeaters=30,
    survival_edges=(1.0, 1.5, 3.0),
    survival_prior_orders=5.0,
    log_parameter_max=9.0,
)
TONIGHT = date(2026, 3, 31)


@dataclass(frozen=True)
class Client:
    """One client of one night: x, t_x and T in days, and its earnings of the margin window."""

    group_id: str = "G"
    fit_segment: str = "RETAIL"
    n_repeats: int = 4
    repeat_days: int = 280
    observed_days: int = 350
    is_in_fit: bool = True
    is_published: bool = True
    n_orders: int | None = None
    order_days: int = 5
    contribution: float | None = 500.0
    n_months: int = 5
    within_square: float = 800.0

    def row(self, as_of: date) -> dict[str, Any]:
        return {
            "as_of_date": pd.Timestamp(as_of),
            "group_id": self.group_id,
            "fit_segment": self.fit_segment,
            "is_published": self.is_published,
            "is_in_fit": self.is_in_fit,
            "n_orders": self.n_repeats + 1 if self.n_orders is None else self.n_orders,
            "n_repeats": self.n_repeats,
            "repeat_days": self.repeat_days,
            "observed_days": self.observed_days,
            "margin_order_days": self.order_days if self.contribution is not None else 0,
            "margin_contribution_rc": self.contribution,
            "margin_months": self.n_months if self.contribution is not None else 0,
            "margin_within_square": self.within_square if self.contribution is not None else 0.0,
        }


@dataclass(frozen=True)
class Outcome:
    """One client at the start of the matured window, and the order days that followed."""

    group_id: str = "G"
    fit_segment: str = "RETAIL"
    n_repeats: int = 3
    repeat_days: int = 210
    observed_days: int = 280
    actual_orders: int = 1
    window_days: int = 90
    is_in_fit: bool = True

    def row(self, as_of: date) -> dict[str, Any]:
        return {
            "as_of_date": pd.Timestamp(as_of),
            "group_id": self.group_id,
            "fit_segment": self.fit_segment,
            "window_days": self.window_days,
            "is_in_fit": self.is_in_fit,
            "n_orders": self.n_repeats + 1,
            "n_repeats": self.n_repeats,
            "repeat_days": self.repeat_days,
            "observed_days": self.observed_days,
            "actual_orders": self.actual_orders,
        }


def company(
    nights: dict[date, tuple[Sequence[Client], Sequence[Outcome]]],
    settings: LtvSettings = SETTINGS,
) -> LtvInputs:
    """The inputs of these nights."""
    clients = [client.row(as_of) for as_of, (now, _) in nights.items() for client in now]
    outcomes = [outcome.row(as_of) for as_of, (_, then) in nights.items() for outcome in then]
    return LtvInputs(
        clients=pd.DataFrame(clients, columns=list(Client().row(TONIGHT))),
        survival=pd.DataFrame(outcomes, columns=list(Outcome().row(TONIGHT))),
        settings=settings,
    )


def one_night(
    clients: Sequence[Client], outcomes: Sequence[Outcome] = (), as_of: date = TONIGHT
) -> LtvInputs:
    """The inputs of a single night."""
    return company({as_of: (clients, outcomes)})


def crowd(n: int, **like: Any) -> list[Client]:
    """Clients that repeat 0, 1, 2, ... times in growing spans: enough to fit a segment on."""
    return [
        replace(
            Client(
                group_id=f"C{place:03}",
                n_repeats=place % 7,
                repeat_days=30 * (place % 7),
                observed_days=30 * (place % 7) + 10 + place,
                order_days=1 + place % 7,
                contribution=100.0 * (1 + place % 7) + place,
                n_months=1 + place % 7,
            ),
            **like,
        )
        for place in range(n)
    ]
