"""Concentration and ABC/XYZ of one month end, or of the current night."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import sqrt
from typing import Any

from tests.oracle.indices import ZERO, Known, Values, indices, plus, ranked, whale
from tests.oracle.money import month_end, month_of, months_before
from tests.oracle.pnl import Books, cells
from tests.oracle.tree import PSEUDO

Months = dict[date, Decimal | None]
NET, CONTRIBUTION = "net_revenue_t12m", "contribution_t12m"


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
        found = {lines.group(line)[0] for line in lines.all if line["document_type"] == "INVOICE"}
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
        total = dict.fromkeys(months, ZERO)
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
