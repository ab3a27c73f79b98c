"""Every Protheus file of every night."""

from pathlib import Path

import numpy as np

from sample import costs, erp_masters, erp_money, erp_sales, postings
from sample.company import Base, Trade
from sample.erp_sales import Night
from sample.native import appended, save
from sample.plan import Plan, as_date


def nights_of(plan: Plan) -> list[Night]:
    days = plan.extract_days
    return [Night(prev, today) for prev, today in zip([-1, *days[:-1]], days, strict=True)]


class Ledgers:
    """Debits and credits of every night, summed over replicas."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.cells: dict[int, list[np.ndarray]] = {}

    def add(self, trade: Trade) -> None:
        for today in self.plan.extract_days:
            booked = postings.ledger_cells(trade.postings, self.plan, today)
            held = self.cells.setdefault(today, [np.zeros_like(booked[0]) for _ in booked])
            for total, part in zip(held, booked, strict=True):
                total += part

    def write(self, root: Path) -> None:
        for night in nights_of(self.plan):
            days = [night.today] if night.is_first else [night.today, night.prev]
            cells = [self.cells[d] for d in days]
            table = erp_money.ledger([(c[0], c[1]) for c in cells], self.plan, night)
            if night.is_first:
                table = appended(table, erp_money.other_accounts(self.plan))
            save(root / str(as_date(night.today)), "cq0010", table)


def write_masters(root: Path, base: Base, plan: Plan) -> None:
    for night in nights_of(plan):
        folder = root / str(as_date(night.today))
        erp_masters.write(folder, base, plan, night.prev, night.today)


def write_trade(root: Path, base: Base, trade: Trade, spent: costs.Costs, plan: Plan) -> None:
    """The files of one replica in every night's folder."""
    for night in nights_of(plan):
        folder = root / str(as_date(night.today))
        erp_sales.write(folder, base, trade, plan, night)
        erp_money.write(folder, base, trade, spent, plan, night)
