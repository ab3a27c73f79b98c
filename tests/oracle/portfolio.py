"""Concentration and ABC/XYZ of one month end, or of the current night."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, sqrt
from typing import Any

from tests.oracle.money import month_end, month_of, months_before
from tests.oracle.pnl import Books, cells
from tests.oracle.tree import PSEUDO

Known = Decimal | None
Values = dict[str, Known]
Months = dict[date, Decimal | None]
ZERO: Known = Decimal("0.00")
NET, CONTRIBUTION = "net_revenue_t12m", "contribution_t12m"
INDICES = (
    "n_active", "top1_share", "top5_share", "top10_share", "top20pct_share",
    "pareto80_share_of_accounts", "herfindahl_index", "effective_n", "gini", "n_major",
    "negative_mass_rc", "whale_peak_ratio", "top1",
)  # fmt: skip


@dataclass
class Portfolio:
    """What clients bring, month by month, as known on a day."""

    books: Books
    as_of: date

    @property
    def is_to_date(self) -> bool:
        return self.as_of != month_end(self.as_of)

    @cached_property
    def population(self) -> list[str]:
        """Clients with an invoice by the day, cancelled or not."""
        lines = self.books.lines
        found = {
            lines.group(line)[0] for line in lines.all if line["document_type"] == "INVOICE"
        }
        return sorted(found - set(PSEUDO))

    @cached_property
    def monthly(self) -> dict[tuple[str, str], Months]:
        """Measure and client: value by month."""
        found: dict[Any, Months] = defaultdict(lambda: defaultdict(Decimal))
        for (month, group, _, _), cell in cells(self.books).items():
            for measure, column in ((NET, "net_revenue_rc"), (CONTRIBUTION, "contribution_rc")):
                by_month = found[measure, group]
                by_month[month] = plus(by_month[month], cell[column])
        return found

    @cached_property
    def scoped(self) -> dict[str, dict[str, Months]]:
        """Scope and client: net revenue by month."""
        found: dict[Any, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
        for customer, group, product, month, money in self._facts():
            if group in PSEUDO:
                continue
            row = self.books.lines.facts.by_key("customer", "customer_id").get(customer, {})
            goods = self.books.lines.product.get(product, {})
            scopes = [f"channel:{row.get('channel') or 'UNKNOWN'}"]
            scopes.append(f"region:{row.get('region') or 'UNKNOWN'}")
            if goods.get("is_revenue") is not False:
                scopes.append(f"category:{goods.get('category') or 'UNKNOWN'}")
            for scope in scopes:
                found[scope][group][month] = plus(found[scope][group][month], money)
        return found

    def _facts(self) -> Iterator[tuple[Any, str, Any, date, Known]]:
        lines = self.books.lines
        for line in lines.all:
            money = lines.rc(line)
            month = month_of(line["posting_date"])
            yield line["customer_id"], lines.group(line)[0], line["product_id"], month, money
        for cost, posted, _ in self.books.served.customer_costs():
            if posted.column == "trade_spend_costs":
                money = None if posted.money is None else -posted.money
                yield cost["customer_id"], posted.group, cost["product_id"], posted.month, money

    def t12m(self, by_month: Months) -> Known:
        first, total = months_before(self.as_of, 11), ZERO
        for month, value in by_month.items():
            total = plus(total, value) if month >= first else total
        return total

    def values(self, measure: str) -> Values:
        return {g: self.t12m(self.monthly[measure, g]) for g in self.population}

    def concentration(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Scope and measure: the indices."""
        found = {("company", m): indices(self.values(m)) for m in (NET, CONTRIBUTION)}
        found["company", CONTRIBUTION]["whale_peak_ratio"] = whale(self.values(CONTRIBUTION))
        for scope, groups in self.scoped.items():
            found[scope, NET] = indices({g: self.t12m(groups[g]) for g in self.population})
        for row in found.values():
            top = row.pop("top1")
            row["loss_if_top1_leaves_rc"] = self.values(CONTRIBUTION)[top] if top else None
        return found

    def classes(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Client and measure: share, class, variation."""
        found = {}
        for measure in (NET, CONTRIBUTION):
            season = self._season(measure)
            for group, row in ranked(self.values(measure)).items():
                row["variation_coefficient"] = self._variation(measure, group, season)
                found[group, measure] = row
        return found

    @cached_property
    def _last_whole(self) -> date:
        return months_before(self.as_of, 1) if self.is_to_date else month_of(self.as_of)

    def _season(self, measure: str) -> dict[int, Fraction]:
        """How a calendar month of all clients compares with the mean of all."""
        first = min(month_of(line["posting_date"]) for line in self.books.lines.all)
        months = [months_before(self._last_whole, n) for n in range(36)]
        months = [month for month in months if month >= first]
        months = months[: 36 if len(months) >= 36 else 24 if len(months) >= 24 else 0]
        clients = [g for m, g in self.monthly if m == measure and g not in PSEUDO]
        total = {m: ZERO for m in months}
        for month in months:
            for client in clients:
                total[month] = plus(total[month], self.monthly[measure, client].get(month, ZERO))
        mean = defaultdict(Fraction)
        for month in months:
            mean[month.month] += Fraction(total[month] or 0) / (len(months) // 12)
        if not months or None in total.values() or min(mean.values()) <= 0:
            return {n: Fraction(1) for n in range(1, 13)}
        overall = sum(mean.values(), Fraction(0)) / 12
        return {n: value / overall for n, value in mean.items()}

    def _variation(self, measure: str, group: str, season: dict[int, Fraction]) -> float | None:
        lines = self.books.lines
        posted = [
            month_of(line["posting_date"]) for line in lines.all if lines.group(line)[0] == group
        ]
        months = [months_before(self._last_whole, n) for n in range(12)]
        months = [month for month in months if month >= min(posted)]
        by_month = self.monthly[measure, group]
        if None in [by_month.get(month, ZERO) for month in months]:
            return None
        amounts = [Fraction(by_month.get(m) or 0) / season[m.month] for m in months]
        if len(amounts) < 9 or sum(amounts) <= 0:
            return None
        mean = sum(amounts, Fraction(0)) / len(amounts)
        spread = sum(((a - mean) ** 2 for a in amounts), Fraction(0)) / len(amounts)
        return sqrt(spread) / float(mean)


def plus(total: Known, value: Known) -> Known:
    """A sum of which a part is not known is not known."""
    return None if total is None or value is None else total + value


def ordered(values: Values) -> list[tuple[str, Decimal]]:
    """Largest first, the smaller id on ties."""
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def indices(values: Values) -> dict[str, Any]:
    """The indices of concentration; those that need a positive sum are NULL without one.

    One value that is not known makes all of them unknown.
    """
    if None in values.values():
        return dict.fromkeys(INDICES)
    rows = [(g, v) for g, v in ordered(values) if v > 0]
    n, total = len(rows), sum((v for _, v in rows), Decimal(0))
    share = [Fraction(v) / Fraction(total) for _, v in rows]
    squares = sum((s * s for s in share), Fraction(0))
    ascending = sum((2 * i - n - 1) * s for i, s in enumerate(reversed(share), start=1))
    pareto = next((k for k in range(1, n + 1) if sum(share[:k]) >= Fraction(8, 10)), None)
    first = {f"top{k}_share": sum(share[:k]) if n else None for k in (1, 5, 10)}
    return {
        "n_active": n,
        **first,
        "top20pct_share": sum(share[: ceil(n / 5)]) if n else None,
        "pareto80_share_of_accounts": Fraction(pareto, n) if pareto else None,
        "herfindahl_index": 10000 * squares if n else None,
        "effective_n": 1 / squares if n else None,
        "gini": ascending / n if n else None,
        "n_major": sum(s >= Fraction(1, 10) for s in share),
        "negative_mass_rc": sum((v for v in values.values() if v < 0), Decimal("0.00")),
        "whale_peak_ratio": None,
        "top1": rows[0][0] if rows else None,
    }


def whale(values: Values) -> Fraction | None:
    """How much more there would be without the clients that destroy it."""
    if None in values.values():
        return None
    total = sum(values.values(), Decimal(0))
    running = peak = Decimal(0)
    for _, value in ordered(values):
        running += value
        peak = max(peak, running)
    return Fraction(peak) / Fraction(total) if total > 0 else None


def ranked(values: Values) -> dict[str, dict[str, Any]]:
    """Rank, share and ABC class; of what is known only where every value is."""
    if None in values.values():
        unknown = dict.fromkeys(("rank_number", "share", "cumulative_share", "abc_class"))
        loss = {"share": 0, "cumulative_share": 1, "abc_class": "D"}
        return {
            g: unknown | {"value_rc": v} | (loss if v is not None and v <= 0 else {})
            for g, v in values.items()
        }
    total = sum((v for v in values.values() if v > 0), Decimal(0))
    before, found = Decimal(0), {}
    for number, (group, value) in enumerate(ordered(values), start=1):
        row: dict[str, Any] = {"value_rc": value, "rank_number": number}
        if value <= 0:
            row |= {"share": 0, "cumulative_share": 1, "abc_class": "D"}
        else:
            limits = Fraction(before) / Fraction(total)
            kind = "A" if limits < Fraction(8, 10) else "B" if limits < Fraction(95, 100) else "C"
            before += value
            row |= {"share": Fraction(value) / Fraction(total), "abc_class": kind}
            row["cumulative_share"] = Fraction(before) / Fraction(total)
        found[group] = row
    return found
