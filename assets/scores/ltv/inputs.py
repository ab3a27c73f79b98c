"""What lifetime value is computed from: two frames of facts and the settings of metrics.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

COMPANY = "company"
DAYS_PER_WEEK = 7.0
KEY = ["as_of_date", "group_id"]


@dataclass(frozen=True)
class LtvSettings:
    """The part of metrics.yml, `ltv`, that rung 3 reads."""

    horizons: tuple[int, ...]
    annual_rate: float
    pool_repeaters: int
    survival_edges: tuple[float, ...]
    survival_prior_orders: float
    log_parameter_max: float

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "LtvSettings":
        """The settings in a metrics.yml."""
        ltv = metrics["ltv"]
        return cls(
            horizons=tuple(sorted(int(months) for months in ltv["horizons"])),
            annual_rate=float(ltv["annual_rate"]),
            pool_repeaters=int(ltv["pool_repeaters"]),
            survival_edges=tuple(float(edge) for edge in ltv["survival_edges"]),
            survival_prior_orders=float(ltv["survival_prior_orders"]),
            log_parameter_max=float(ltv["log_parameter_max"]),
        )


@dataclass(frozen=True)
class History:
    """Order histories at one date, one entry per client, sorted by group_id.

    `n_orders` order days, `n_repeats` those after the first (x), `repeat_days` from the first to
    the last (t_x), `observed_days` from the first to the date (T), both in calendar days.
    """

    group_id: NDArray[np.object_]
    fit_segment: NDArray[np.object_]
    is_in_fit: NDArray[np.bool_]
    n_orders: Integers
    n_repeats: Integers
    repeat_days: Integers
    observed_days: Integers

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "History":
        """The histories in the rows of a frame, in their order."""
        return cls(
            group_id=frame["group_id"].to_numpy(dtype=object),
            fit_segment=frame["fit_segment"].to_numpy(dtype=object),
            is_in_fit=frame["is_in_fit"].to_numpy(dtype=bool),
            n_orders=frame["n_orders"].to_numpy(dtype=np.int64),
            n_repeats=frame["n_repeats"].to_numpy(dtype=np.int64),
            repeat_days=frame["repeat_days"].to_numpy(dtype=np.int64),
            observed_days=frame["observed_days"].to_numpy(dtype=np.int64),
        )

    @property
    def observed_weeks(self) -> Floats:
        """T in weeks."""
        return self.observed_days / DAYS_PER_WEEK

    def taken(self, where: NDArray[Any]) -> "History":
        """The histories of the clients at these places, or for which `where` is true."""
        return History(*(getattr(self, field.name)[where] for field in fields(self)))

    def in_segment(self, segment: str) -> NDArray[np.bool_]:
        """Which clients belong to a fit segment; all of them to the company."""
        if segment == COMPANY:
            return np.ones(len(self.group_id), dtype=bool)
        return np.asarray(self.fit_segment == segment, dtype=bool)


@dataclass(frozen=True)
class Earnings:
    """What the clients of a night earned in the margin window, in the order of its histories.

    `order_days` in the window, their `contribution` in money (0 where nothing is known), the
    months with an order, and the sum over these months of order days x (margin per order day -
    the client's mean) squared.
    """

    order_days: Floats
    contribution: Floats
    n_months: Floats
    within_square: Floats

    def taken(self, where: NDArray[Any]) -> "Earnings":
        """The earnings of the clients at these places, or for which `where` is true."""
        return Earnings(*(getattr(self, field.name)[where] for field in fields(self)))


@dataclass(frozen=True)
class NightInputs:
    """One night: its clients, and their histories at the start of the matured window, if any."""

    as_of: date
    is_published: NDArray[np.bool_]
    now: History
    earnings: Earnings
    then: History
    actual_orders: Floats
    window_weeks: float


@dataclass(frozen=True)
class LtvInputs:
    """The rows of the marts ltv_input_night (clients only) and ltv_survival_night."""

    clients: pd.DataFrame
    survival: pd.DataFrame
    settings: LtvSettings

    def nights(self) -> Iterator[NightInputs]:
        """The nights in order; each holds arrays of its own, whatever other nights there are."""
        clients = self.clients.sort_values(KEY, kind="stable")
        outcomes = dict(iter(self.survival.sort_values(KEY, kind="stable").groupby("as_of_date")))
        for as_of, rows in clients.groupby("as_of_date"):
            yield _night(as_of, rows, outcomes.get(as_of, self.survival.iloc[:0]))


def _night(as_of: Any, rows: pd.DataFrame, outcomes: pd.DataFrame) -> NightInputs:
    return NightInputs(
        as_of=pd.Timestamp(as_of).date(),
        is_published=rows["is_published"].to_numpy(dtype=bool),
        now=History.of(rows),
        earnings=Earnings(
            order_days=rows["margin_order_days"].to_numpy(dtype=np.float64),
            contribution=rows["margin_contribution_rc"].fillna(0).to_numpy(dtype=np.float64),
            n_months=rows["margin_months"].to_numpy(dtype=np.float64),
            within_square=rows["margin_within_square"].to_numpy(dtype=np.float64),
        ),
        then=History.of(outcomes),
        actual_orders=outcomes["actual_orders"].to_numpy(dtype=np.float64),
        window_weeks=float(outcomes["window_days"].max() / DAYS_PER_WEEK) if len(outcomes) else 0.0,
    )
