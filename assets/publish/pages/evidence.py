"""What the page of lifetime value is drawn from, and which past forecasts count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.proof.arrays import Floats, Integers
from assets.scores.proof.pairs import ProofSettings
from assets.scores.proof.ranks import classes
from assets.scores.proof.windows import add_months, count_independent

NO_ORDER, ORDERS, REALISED = "NO_ORDER_90", "ORDERS", "LTV_REALISED"
HORIZON_DAYS = {NO_ORDER: 90, ORDERS: 365, REALISED: 365}  # 365 names twelve calendar months
YEAR = 365
TENTHS = 10


@dataclass(frozen=True)
class Evidence:
    """The frames behind the pictures.

    * `pairs` by outcome: past forecasts whose outcome is known by `as_of`, with cutoff_date, client
      (a number), is_known, forecast, actual and place (the randomised PIT).
    * `portfolio`: the columns of kam.portfolio_ltv, money in `currency`.
    * `backtest`: the columns of kam.score_backtest.
    """

    company: str
    as_of: date
    currency: str
    content_hash: str
    settings: ProofSettings
    pairs: Mapping[str, pd.DataFrame]
    portfolio: pd.DataFrame
    backtest: pd.DataFrame

    def pool(self, outcome: str) -> "Pool":
        """The pairs that score_backtest pools on the night, of one basis: the two never mix.

        Known forecasts are shown once enough windows of them do not overlap, or nothing else is
        there; before, those that were reconstructed.
        """
        past = self.pairs[outcome]
        oldest = _before(self.as_of, self.settings.pool_months)
        recent = past[past["cutoff_date"] > oldest]
        is_known = recent["is_known"].astype(bool)
        known, refitted = recent[is_known], recent[~is_known]
        needed = self.settings.min_independent_cutoffs
        is_enough = _independent(known, HORIZON_DAYS[outcome]) >= needed
        if is_enough or refitted.empty:
            return Pool(known, "known", n_waiting=0)
        return Pool(refitted, "reconstructed", n_waiting=known["cutoff_date"].nunique())

    def judged(self, pool: "Pool", outcome: str) -> Mapping[str, Any]:
        """The measures of the night's backtest of a pool of everyone: `<score_id>|<measure>`."""
        rows = self.backtest
        rows = rows[
            (rows["as_of_date"] == pd.Timestamp(self.as_of))
            & (rows["outcome"] == outcome)
            & (rows["horizon_days"] == HORIZON_DAYS[outcome])
            & (rows["population"] == "all")
            & (rows["basis"] == pool.basis)
        ]
        return {f"{row.score_id}|{row.measure}": row for row in rows.itertuples()}


@dataclass(frozen=True)
class Pool:
    """Pairs of one basis; `n_waiting` known decision dates are too few to be shown yet."""

    pairs: pd.DataFrame
    basis: str
    n_waiting: int

    @property
    def n_dates(self) -> int:
        """Decision dates."""
        return int(self.pairs["cutoff_date"].nunique())

    @property
    def in_words(self) -> str:
        """How much stands behind a picture, in a sentence."""
        dates = self.pairs["cutoff_date"]
        waiting = f"; {self.n_waiting} known dates do not suffice yet" if self.n_waiting else ""
        return (
            f"{len(self.pairs):,} forecasts of {self.pairs['client'].nunique():,} clients on"
            f" {self.n_dates} decision dates, {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}"
            f" ({self.basis}{waiting})."
        )


def tenths(values: Floats) -> Integers:
    """The tenth (0 to 9) of each value by size, equal ones together.

    By the middle of its class, as `calibration_decile` of score_backtest.
    """
    place, n_places = classes(np.unique(values, return_inverse=True)[1].reshape(-1))
    counts = np.bincount(place, minlength=n_places)
    middle = (np.cumsum(counts) - counts / 2.0) / max(len(values), 1)
    tenth = np.minimum((middle * TENTHS).astype(np.int64), TENTHS - 1)
    return np.asarray(tenth[place])


def _before(day: date, months: int) -> pd.Timestamp:
    return pd.Timestamp(add_months(np.asarray([day], dtype="datetime64[D]"), -months)[0])


def _independent(pairs: pd.DataFrame, horizon_days: int) -> int:
    starts = np.unique(pairs["cutoff_date"].to_numpy(dtype="datetime64[D]"))
    if horizon_days == YEAR:
        return count_independent(starts, add_months(starts, 12))
    return count_independent(starts, np.asarray(starts + np.timedelta64(horizon_days, "D")))
