"""The facts of a company for lifetime value, from the frames of its marts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from zlib import crc32

import numpy as np
import pandas as pd

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.history import OrderLog
from assets.scores.ltv.horizon import discount_factors, month_end_away
from assets.scores.ltv.inputs import (
    COMPANY,
    UNDATED,
    Clients,
    Earnings,
    Flags,
    Floats,
    Integers,
    Texts,
)
from assets.scores.ltv.settings import PROVEN_CLIENTS, LtvSettings

ClientsOn = Callable[[int], pd.DataFrame]


@dataclass(frozen=True)
class Frames:
    """Rows of the marts: ltv_cutoff, ltv_client_cutoff, ltv_order_day, ltv_part_day, ltv_merger.

    And of the contribution per group and month. `delivered_from` is the first posting date.
    """

    cutoffs: pd.DataFrame
    clients: pd.DataFrame
    order_days: pd.DataFrame
    part_days: pd.DataFrame
    mergers: pd.DataFrame
    contributions: pd.DataFrame
    delivered_from: pd.Timestamp


@dataclass(frozen=True)
class Facts:
    """The facts as arrays; `group_id` sorted, the clients of the log in that order.

    `contribution` (groups, months) from `first_month` (months since 1970-01) on, NaN where it is
    unknown, 0 where nothing was posted.
    """

    settings: LtvSettings
    delivered_from: int
    group_id: Texts
    log: OrderLog = field(repr=False)
    days: Integers
    is_night: Flags
    is_decision: Flags
    clients_on: ClientsOn = field(repr=False)
    frames: Frames = field(repr=False)
    contribution: Floats = field(repr=False)
    first_month: int

    @classmethod
    def of(
        cls, frames: Frames, settings: LtvSettings, clients_on: ClientsOn | None = None
    ) -> "Facts":
        """The facts in the frames.

        With `clients_on`, which gives the clients of a day number sorted by group, those of the
        frames need only name every group: a large company's are too many to hold for all days.
        """
        names = frames.clients["group_id"].to_numpy(dtype=object).astype(str)
        group_id = np.unique(names).astype(object)
        cutoffs = frames.cutoffs.sort_values("cutoff_date", kind="stable")
        contribution, first_month = _contributions(frames.contributions, group_id)
        return cls(
            settings=settings,
            delivered_from=int(_day(pd.Series([frames.delivered_from]))[0]),
            group_id=group_id,
            log=order_log(frames.order_days, "group_id", group_id),
            days=_day(cutoffs["cutoff_date"]),
            is_night=cutoffs["is_night"].to_numpy(dtype=bool),
            is_decision=cutoffs["is_decision"].to_numpy(dtype=bool),
            clients_on=clients_on or _by_day(frames.clients),
            frames=frames,
            contribution=contribution,
            first_month=first_month,
        )

    def groups(self, day: int) -> Cutoff:
        """A cut-off, every group whole; without clients where there was none yet."""
        clients = clients_of(self.clients_on(day))
        log = self.log.of_clients(np.searchsorted(self.group_id, clients.group_id))
        return Cutoff(day, self.delivered_from, clients, log)

    def proven(self, clients: Clients) -> Flags:
        """Whose forecasts of a decision date are held against what came, (n,).

        Of a large company its key accounts and those of the others whose ids have the lowest check
        sums: a sample that does not hang on the night.
        """
        others = np.flatnonzero(~clients.is_key)
        chosen = np.ones(clients.n, dtype=bool)
        if len(others) > PROVEN_CLIENTS:
            sums = self.check_sum[np.searchsorted(self.group_id, clients.group_id[others])]
            chosen[others[np.argsort(sums, kind="stable")[PROVEN_CLIENTS:]]] = False
        return chosen

    @cached_property
    def check_sum(self) -> Integers:
        """crc32 of each group's id."""
        return np.array([crc32(str(group).encode()) for group in self.group_id], dtype=np.int64)

    def in_parts(self, groups: Cutoff) -> Cutoff:
        """The cut-off with the groups of a fresh merger in parts, each on its own order days."""
        fresh = self._absorbed(groups.day)
        return _in_parts(groups, self.frames.part_days, fresh) if len(fresh) else groups

    def realised(self, clients: Clients, day: int, months: int) -> Floats:
        """Discounted contribution posted in the months after a month end, (n,); NaN if unknown."""
        begun = int(np.datetime64(day + 1, "D").astype("datetime64[M]").astype(np.int64))
        place = np.searchsorted(self.group_id, clients.group_id)
        at = np.arange(begun, begun + months) - self.first_month
        discount = discount_factors(self.settings.annual_rate, months)
        seen = (at >= 0) & (at < self.contribution.shape[1])
        earned: Floats = np.zeros((len(place), months))
        earned[:, seen] = self.contribution[np.ix_(place, at[seen])]
        return np.asarray(np.sum(earned * discount, axis=1))

    def _absorbed(self, day: int) -> pd.DataFrame:
        """The groups that others absorbed too few month ends ago, with those: rows of mergers."""
        mergers = self.frames.mergers
        merged = _day(mergers["merged_date"])
        oldest = month_end_away(day, -self.settings.merger_hold_month_ends)
        return mergers[(merged <= day) & (merged > oldest)]


def _by_day(rows: pd.DataFrame) -> ClientsOn:
    rows = rows.sort_values(["cutoff_date", "group_id"], kind="stable")
    found = dict(
        zip(
            _day(rows["cutoff_date"].drop_duplicates()).tolist(),
            (of_day for _, of_day in rows.groupby("cutoff_date")),
            strict=True,
        )
    )
    return lambda day: found.get(day, rows.iloc[:0])


def order_log(rows: pd.DataFrame, key: str, ids: Texts) -> OrderLog:
    """The order days of the clients with these sorted ids; others are left out."""
    known = rows[rows[key].isin(ids)]
    place = np.searchsorted(ids, known[key].to_numpy(dtype=object))
    return OrderLog.of(
        place.astype(np.int64), _day(known["order_date"]), _day(known["undone_date"]), len(ids)
    )


def clients_of(rows: pd.DataFrame) -> Clients:
    """The clients in the rows of one cut-off, in their order."""
    group_id = rows["group_id"].to_numpy(dtype=object)
    return Clients(
        group_id=group_id,
        part_id=group_id,
        fit_segment=rows["fit_segment"].fillna(COMPANY).to_numpy(dtype=object),
        created=_day(rows["created_date"]),
        first_seen=_day(rows["first_seen_date"]),
        is_key=rows["is_key_account"].to_numpy(dtype=bool),
        manager_id=rows["manager_id"]
        .astype(object)
        .where(rows["manager_id"].notna(), None)
        .to_numpy(),
        is_same_tree=rows["is_same_tree"].to_numpy(dtype=bool),
        earnings=Earnings(
            order_days=_number(rows["margin_order_days"]),
            contribution=_number(rows["margin_contribution_rc"]),
            n_months=_number(rows["margin_months"]),
            within_square=_number(rows["margin_within_square"]),
            repeat_days=_number(rows["margin_repeat_days"]),
            repeat_contribution=_number(rows["margin_repeat_contribution_rc"]),
        ),
    )


def _in_parts(groups: Cutoff, part_days: pd.DataFrame, fresh: pd.DataFrame) -> Cutoff:
    """Each group that absorbed others lately once per part, its own part first."""
    whole = groups.clients
    held = sorted(set(fresh["group_id"]))
    parts = _apart(part_days[part_days["group_id"].isin(held)], fresh)
    others = parts[["group_id", "part_id"]].drop_duplicates()
    others = others[(others["group_id"] != others["part_id"])]
    others = others[others["group_id"].isin(whole.group_id)]
    owner = np.searchsorted(whole.group_id, others["group_id"].to_numpy(dtype=object))
    places = np.concatenate([np.arange(whole.n), owner])
    is_extra = np.repeat([False, True], [whole.n, len(owner)])
    part_id = np.concatenate([whole.part_id, others["part_id"].to_numpy(dtype=object)])
    order = np.lexsort((part_id.astype(str), is_extra, places))
    clients = whole.taken(places[order]).parted(part_id[order], is_extra[order])
    name = clients.group_id + "|" + clients.part_id
    sorted_names = np.sort(name.astype(str)).astype(object)
    rows = parts.assign(name=parts["group_id"] + "|" + parts["part_id"])
    spread = order_log(rows, "name", sorted_names)
    own = np.isin(clients.group_id, held)
    log = OrderLog.of(
        *_joined(
            groups.source.of_clients(places[order]),
            spread.of_clients(np.searchsorted(sorted_names, name)),
            own,
        ),
        n_clients=clients.n,
    )
    return Cutoff(groups.day, groups.delivered_from, clients, log)


def _apart(part_days: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """The parts' order days, those of parts absorbed before with the survivor."""
    keys = ["group_id", "part_id"]
    is_fresh = pd.MultiIndex.from_frame(part_days[keys]).isin(pd.MultiIndex.from_frame(fresh[keys]))
    part_id = part_days["part_id"].where(is_fresh, part_days["group_id"])
    days = part_days.assign(part_id=part_id).groupby([*keys, "order_date"])
    return days["undone_date"].max().reset_index()


def _joined(whole: OrderLog, parts: OrderLog, own: Flags) -> tuple[Integers, Integers, Integers]:
    from_whole, from_parts = ~own[whole.client], own[parts.client]
    return (
        np.concatenate([whole.client[from_whole], parts.client[from_parts]]),
        np.concatenate([whole.day[from_whole], parts.day[from_parts]]),
        np.concatenate([whole.undone[from_whole], parts.undone[from_parts]]),
    )


def _contributions(rows: pd.DataFrame, group_id: Texts) -> tuple[Floats, int]:
    known = rows[rows["group_id"].isin(group_id)]
    if known.empty:
        return np.zeros((len(group_id), 0)), 0
    month = pd.to_datetime(known["month"]).to_numpy().astype("datetime64[M]").astype(np.int64)
    first = int(month.min())
    table = np.zeros((len(group_id), int(month.max()) - first + 1))
    place = np.searchsorted(group_id, known["group_id"].to_numpy(dtype=object))
    table[place, month - first] = known["contribution_rc"].to_numpy(dtype=np.float64)
    return table, first


def _number(column: pd.Series) -> Floats:
    return column.fillna(0).to_numpy(dtype=np.float64)


def _day(column: pd.Series) -> Integers:
    """Days since 1970-01-01; UNDATED where there is none."""
    dates = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(dates), UNDATED, dates.astype(np.int64)).astype(np.int64)
