"""The truth beside the files: the simulator's own state, never a formula of the product."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from sample import exceptions
from sample import stories as s
from sample.calendar import month_index, month_start
from sample.company import Base, Trade
from sample.costs import NO_AMOUNT, TRADE_SPEND, Costs
from sample.crm import Crm
from sample.crm_accounts import true_label
from sample.crm_text import full
from sample.desk_state import Desk
from sample.plan import FAR, Plan, as_date
from sample.process import SEASON
from sample.truth_events import events
from sample.world import CHANNELS, INTERCOMPANY, UNMAPPED, true_group

PROCESS = (
    "true_group", "is_key_account", "channel", "created_date", "shape", "rate_per_day", "dropout",
    "alive_until", "n_order_days", "first_order_date", "last_order_date",
)  # fmt: skip
DEFECTIONS = ("true_group", "last_order_date", "is_key_account", "cause")
EXCEPTIONS = (
    "exception_id", "true_group", "requested_date", "policy_area", "decision", "decided_date",
    "cost",
)  # fmt: skip
EVENTS = ("story", "true_group", "from_date", "to_date", "record_id", "detail")


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


def write(out: Path, desk: Desk, first: Trade, revenue: Revenue, plan: Plan) -> None:
    """Write the truth folder of a sample company; `first` is the trade with the planted rows."""
    base, crm = desk.base, desk.crm
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
    _table(folder / "process.csv", PROCESS, _process(base))
    _table(folder / "season.csv", ["month", "factor"], enumerate(SEASON.tolist(), start=1))
    _table(folder / "defections.csv", DEFECTIONS, _defections(base, plan))
    requests = exceptions.truth(exceptions.build(desk), base.groups.labels, plan.end)
    _table(folder / "exceptions.csv", EXCEPTIONS, requests)
    _table(folder / "events.csv", EVENTS, events(base, crm, first, plan))


def _members(base: Base, crm: Crm, plan: Plan) -> Iterable[list[object]]:
    labels = base.groups.labels
    for today in plan.extract_days:
        for customer, group in zip(
            base.customers, true_group(base.customers, base.movers, today), strict=True
        ):
            if group >= 0 and labels[group] not in (INTERCOMPANY, UNMAPPED):
                yield [as_date(today), labels[group], f"erp_main:{customer.native_id}", ""]
        for account in crm.accounts:
            if account.label and account.created <= today:
                label = true_label(account, base, today)
                yield [as_date(today), label, "", full("001", account.number)]


def _process(base: Base) -> Iterable[list[object]]:
    p = base.process
    for group, label in enumerate(base.groups.labels[:-2]):
        days = p.order_day[p.order_group == group]
        alive = p.alive_until[group]
        yield [
            label,
            str(bool(base.groups.is_key[group])).lower(),
            CHANNELS[base.groups.channel[group]],
            as_date(int(base.groups.created[group])),
            int(p.shape[group]),
            f"{p.rate[group]:.6f}",
            f"{p.dropout[group]:.6f}",
            "" if alive >= FAR else as_date(int(alive)),
            len(days),
            as_date(int(days[0])) if len(days) else "",
            as_date(int(days[-1])) if len(days) else "",
        ]


def _defections(base: Base, plan: Plan) -> Iterable[list[object]]:
    p = base.process
    for group, label in enumerate(base.groups.labels[:-2]):
        if p.alive_until[group] <= plan.end:
            last = int(p.order_day[p.order_group == group].max())
            cause = "service_failure" if group == s.LOST_KEY else "dropout"
            yield [label, as_date(last), str(bool(base.groups.is_key[group])).lower(), cause]


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02d}"


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
