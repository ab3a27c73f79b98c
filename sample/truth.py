"""The truth beside the files: the simulator's own state, never a formula of the product."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from sample import stories as s
from sample.calendar import month_index, month_start
from sample.company import Base, Trade
from sample.costs import NO_AMOUNT, TRADE_SPEND, Costs
from sample.crm import Crm
from sample.crm_accounts import true_label
from sample.crm_text import full
from sample.plan import FAR, Plan, as_date
from sample.world import INTERCOMPANY, UNMAPPED, true_group


class Revenue:
    """Revenue movements of every night by true group, month and branch, summed over replicas."""

    def __init__(self, base: Base, plan: Plan) -> None:
        self.base, self.plan = base, plan
        self.labels = base.groups.labels
        self.first = int(month_index(plan.start))
        months = int(month_index(plan.end)) - self.first + 1
        self.shape = (len(self.labels), months, 2)
        self.booked = {day: np.zeros(self.shape, np.int64) for day in plan.extract_days}
        self.spent = {day: np.zeros(self.shape, np.int64) for day in plan.extract_days}

    def add(self, trade: Trade, costs: Costs) -> None:
        """Count one replica."""
        for today in self.plan.extract_days:
            p = trade.postings
            use = (p.known <= today) & (p.until > today)
            self._count(
                self.booked[today], today, p.party[use], p.day[use], p.branch[use], p.cents[use]
            )
            counts = np.isin(costs.kind, TRADE_SPEND) & (costs.day <= today) & (costs.party >= 0)
            counts &= (costs.note < 0) & (costs.cents != NO_AMOUNT)
            self._count(
                self.spent[today],
                today,
                costs.party[counts],
                costs.day[counts],
                costs.branch[counts],
                costs.cents[counts],
            )

    def _count(
        self,
        total: np.ndarray,
        today: int,
        party: np.ndarray,
        day: np.ndarray,
        branch: np.ndarray,
        cents: np.ndarray,
    ) -> None:
        group = true_group(self.base.customers, self.base.movers, today)[party]
        group = np.where(group < 0, len(self.labels) - 1, group)
        np.add.at(total, (group, month_index(day) - self.first, branch - 1), cents)

    def rows(self, totals: dict[int, np.ndarray]) -> Iterable[list[object]]:
        """Night, true group, month, branch and money of every cell that is not zero."""
        for today, total in totals.items():
            for group, month, branch in np.argwhere(total):
                yield [
                    as_date(today),
                    self.labels[group],
                    as_date(int(month_start(self.first + int(month)))),
                    f"{branch + 1:02d}",
                    _money(total[group, month, branch]),
                ]


def write(out: Path, base: Base, crm: Crm, revenue: Revenue, plan: Plan) -> None:
    """Write the truth folder of a sample company."""
    folder = out / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    head = ["extract_date", "true_group", "month", "company_code"]
    _table(folder / "revenue.csv", [*head, "revenue"], revenue.rows(revenue.booked))
    _table(folder / "trade_spend.csv", [*head, "trade_spend"], revenue.rows(revenue.spent))
    _table(
        folder / "groups.csv",
        ["night", "true_group", "customer_id", "account_id"],
        _members(base, crm, plan),
    )
    _table(
        folder / "process.csv",
        ["true_group", "is_key_account", "shape", "rate_per_day", "dropout", "alive_until"],
        _process(base),
    )
    _table(folder / "defections.csv", ["true_group", "last_order_date"], _defections(base, plan))
    _table(
        folder / "events.csv", ["story", "true_group", "from_date", "to_date"], _events(base, plan)
    )


def _members(base: Base, crm: Crm, plan: Plan) -> Iterable[list[object]]:
    labels = base.groups.labels
    for today in plan.extract_days:
        for customer, group in zip(
            base.customers, true_group(base.customers, base.movers, today), strict=True
        ):
            if group >= 0 and labels[group] not in (INTERCOMPANY, UNMAPPED):
                yield [as_date(today), labels[group], f"erp_main:{customer.native_id}", ""]
        for account in crm.accounts:
            if account.group >= 0 and not account.is_deleted and account.created <= today:
                label = true_label(account, base, today)
                yield [as_date(today), label, "", full("001", account.number)]


def _process(base: Base) -> Iterable[list[object]]:
    p = base.process
    for group, label in enumerate(base.groups.labels[:-2]):
        alive = p.alive_until[group]
        yield [
            label,
            str(bool(base.groups.is_key[group])).lower(),
            int(p.shape[group]),
            f"{p.rate[group]:.6f}",
            f"{p.dropout[group]:.6f}",
            "" if alive >= FAR else as_date(int(alive)),
        ]


def _defections(base: Base, plan: Plan) -> Iterable[list[object]]:
    for group, label in enumerate(base.groups.labels[:-2]):
        alive = int(base.process.alive_until[group])
        if alive <= plan.end:
            yield [label, as_date(alive)]


def _events(base: Base, plan: Plan) -> Iterable[list[object]]:
    labels, nights = base.groups.labels, s.Nights.of(plan)
    yield ["service_failure", labels[s.LOST_KEY], as_date(s.FAILURE[0]), as_date(s.FAILURE[1])]
    yield ["lost_key_account", labels[s.LOST_KEY], as_date(s.LAST_ORDER_OF_LOST), ""]
    yield ["buyer_left", labels[s.LOST_KEY], as_date(s.BUYER_LEFT), ""]
    yield ["manager_leaves", labels[s.LEAVER], as_date(s.LEAVER_LAST_DAY), ""]
    yield ["acquisition_absorbed", labels[s.ABSORBED], as_date(nights.merge), ""]
    yield ["acquisition_survivor", labels[s.SURVIVOR], as_date(nights.merge), ""]
    yield ["reparenting_from", labels[s.MOVE_FROM], as_date(nights.move), ""]
    yield ["reparenting_to", labels[s.MOVE_TO], as_date(nights.move), ""]
    yield ["no_depth", labels[s.NO_DEPTH], as_date(plan.start), ""]
    yield ["promotable", labels[s.PROMOTABLE], as_date(plan.start), ""]
    yield ["shrinking", labels[s.SHRINKING], as_date(s.SHRINK_FROM), ""]


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02d}"


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
