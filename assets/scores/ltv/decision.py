"""A decision date once its horizons have ended: what was forecast of each group, and what came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd

from assets.scores.ltv.facts import Facts
from assets.scores.ltv.forecast import SOON_DAYS
from assets.scores.ltv.horizon import as_date, day_number, months_away
from assets.scores.ltv.inputs import Clients, Floats
from assets.scores.ltv.money import mean_money, money_percentiles
from assets.scores.ltv.naive import naive_orders
from assets.scores.ltv.portfolio import scopes_of
from assets.scores.ltv.score import Scored

ORDERS, REALISED, NO_ORDER = "ORDERS", "LTV_REALISED", "NO_ORDER_90"
POPULATION_DAYS = 365  # who ordered so recently can stop
Single = np.ndarray


@dataclass(frozen=True)
class Ended:
    """One horizon of a decision date; arrays (n,) and percentiles (n, 99) per group."""

    orders: Floats
    order_percentiles: Single = field(repr=False)
    money: Floats
    money_percentiles: Single = field(repr=False)
    actual_orders: Floats
    actual_money: Floats
    rules: Mapping[str, Floats]
    discount: float


@dataclass(frozen=True)
class Decision:
    """A decision date: its groups, and what each horizon in months that has ended came to.

    `gap_ratio` = silence over usual gap; `is_silent` the event of no order in 90 days: NaN before
    they are over, and for groups that had not ordered in a year.
    """

    day: int
    clients: Clients = field(repr=False)
    margin: Floats = field(repr=False)
    p_order_90d: Floats = field(repr=False)
    gap_ratio: Floats = field(repr=False)
    is_silent: Floats = field(repr=False)
    ended: Mapping[int, Ended] = field(repr=False)


def decide(scored: Scored, facts: Facts) -> Decision:
    """What a decision date came to by the last day of the facts, for the groups that prove it."""
    scored = scored.of_groups(np.flatnonzero(facts.proven(scored.groups.clients)))
    groups, last_day = scored.groups, int(facts.days[-1])
    histories = groups.histories
    with np.errstate(divide="ignore", invalid="ignore"):
        gap_ratio = (groups.day - histories.last) / histories.usual_gap_days
    return Decision(
        day=groups.day,
        clients=groups.clients,
        margin=scored.margin,
        p_order_90d=scored.forecast.p_order_90d,
        gap_ratio=gap_ratio,
        is_silent=_silent(scored, last_day),
        ended={
            months: _ended(scored, facts, months)
            for months in scored.forecast.months
            if months_away(groups.day, months) <= last_day
        },
    )


def _silent(scored: Scored, last_day: int) -> Floats:
    groups = scored.groups
    ended = groups.day + SOON_DAYS
    if ended > last_day:
        return np.full(groups.clients.n, np.nan)
    came = groups.source.between(groups.day, ended, ended)
    before = groups.log.between(groups.day - POPULATION_DAYS, groups.day, groups.day)
    return np.where((before > 0) & groups.clients.is_same_tree, came == 0, np.nan)


def _ended(scored: Scored, facts: Facts, months: int) -> Ended:
    groups, at = scored.groups, scored.forecast.at(months)
    ended = months_away(groups.day, months)
    same = groups.clients.is_same_tree
    actual = groups.source.between(groups.day, ended, ended)
    return Ended(
        orders=scored.forecast.expected[:, at],
        order_percentiles=scored.forecast.percentiles[:, at].astype(np.float32),
        money=mean_money(scored, months),
        money_percentiles=money_percentiles(scored, months).astype(np.float32),
        actual_orders=np.where(same, actual, np.nan),
        actual_money=np.where(same, facts.realised(groups.clients, groups.day, months), np.nan),
        rules=naive_orders(groups.log, groups.histories, months, groups.delivered_from),
        discount=float(np.mean(scored.calendar.discount[:months])),
    )


@dataclass(frozen=True)
class Kept:
    """The forecasts stored on the night of a decision date, by (outcome, months): group_id rows.

    Columns: group_id, mean, percentiles. `is_known`: no delivery that the night read was received
    more than a few days after it.
    """

    is_known: bool
    config_version: str
    rows: Mapping[tuple[str, int], pd.DataFrame] = field(repr=False)

    def mean(self, outcome: str, months: int, clients: Clients) -> Floats:
        """The stored means of these groups; NaN where there is none."""
        rows = self.rows.get((outcome, months))
        if rows is None:
            return np.full(clients.n, np.nan)
        found = rows.set_index("group_id")["mean"].reindex(clients.group_id)
        return found.to_numpy(dtype=np.float64)

    def percentiles(self, outcome: str, months: int, clients: Clients) -> Floats:
        """The stored percentiles of these groups, (n, 99); NaN where there are none."""
        found = np.full((clients.n, 99), np.nan)
        rows = self.rows.get((outcome, months))
        if rows is not None:
            place = pd.Index(rows["group_id"]).get_indexer(pd.Index(clients.group_id))
            table = np.array(rows["percentiles"].tolist(), dtype=np.float64).reshape(-1, 99)
            found[place >= 0] = table[place[place >= 0]]
        return found


def kept_forecasts(rows: pd.DataFrame, within_days: int) -> dict[int, Kept]:
    """The stored forecasts by day number, of the rows of the state table ltv_forecast."""
    found: dict[int, Kept] = {}
    for as_of, of_day in rows.groupby("as_of_date"):
        day = day_number(pd.Timestamp(str(as_of)).date())
        latest = as_date(day) + timedelta(days=within_days + 1)
        received = pd.Timestamp(of_day["last_received_at"].max())
        found[day] = Kept(
            is_known=bool(received < pd.Timestamp(latest)),
            config_version=str(of_day["config_version"].iloc[0]),
            rows={
                (str(outcome), int(str(months))): part.sort_values("group_id")
                for (outcome, months), part in of_day.groupby(["outcome", "horizon_months"])
            },
        )
    return found


TotalErrors = dict[tuple[str, int], list[tuple[int, float]]]


def add_totals(errors: TotalErrors, decision: Decision, known: Mapping[int, Kept]) -> None:
    """Add a decision date's relative errors of totals of money, by (scope, months).

    Each stands with its day; what was stored of the date counts, else the refit.
    """
    stored = known.get(decision.day)
    for months, ended in decision.ended.items():
        said = ended.money
        if stored and (REALISED, months) in stored.rows:
            said = stored.mean(REALISED, months, decision.clients)
        both = np.isfinite(said) & np.isfinite(ended.actual_money)
        for scope, where in scopes_of(decision.clients).items():
            total = float(np.sum(said[both & where]))
            came = float(np.sum(ended.actual_money[both & where]))
            if total != 0.0:
                error = (came - total) / abs(total)
                errors.setdefault((scope, months), []).append((decision.day, error))
