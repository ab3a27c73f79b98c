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

Values = dict[str, Decimal]
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
        found = {
            lines.group(line)[0] for line in lines.all if line["document_type"] == "INVOICE"
        }
        return sorted(found - set(PSEUDO))

    @cached_property
    def monthly(self) -> dict[tuple[str, str], dict[date, Decimal]]:
        """Measure and client: value by month."""
        found: dict[Any, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for (month, group, _, _), cell in cells(self.books).items():
            found[NET, group][month] += cell["net_revenue_rc"]
            found[CONTRIBUTION, group][month] += cell["contribution_rc"]
        return found

    @cached_property
    def scoped(self) -> dict[str, dict[str, dict[date, Decimal]]]:
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
                found[scope][group][month] += money
        return found

    def _facts(self) -> Iterator[tuple[Any, str, Any, date, Decimal]]:
        lines = self.books.lines
        for line in lines.all:
            money = lines.rc(line) or Decimal(0)
            month = month_of(line["posting_date"])
            yield line["customer_id"], lines.group(line)[0], line["product_id"], month, money
        for cost, posted, _ in self.books.served.customer_costs():
            if posted.column == "trade_spend_costs":
                money = -(posted.money or Decimal(0))
                yield cost["customer_id"], posted.group, cost["product_id"], posted.month, money

    def t12m(self, by_month: dict[date, Decimal]) -> Decimal:
        first = months_before(self.as_of, 11)
        return sum((v for m, v in by_month.items() if m >= first), Decimal("0.00"))

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
        total = {m: sum(self.monthly[measure, g].get(m, Decimal(0)) for g in clients) for m in months}
        mean = defaultdict(Fraction)
        for month in months:
            mean[month.month] += Fraction(total[month]) / (len(months) // 12)
        if not months or min(mean.values()) <= 0:
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
        amounts = [Fraction(by_month.get(m, Decimal(0))) / season[m.month] for m in months]
        if len(amounts) < 9 or sum(amounts) <= 0:
            return None
        mean = sum(amounts, Fraction(0)) / len(amounts)
        spread = sum(((a - mean) ** 2 for a in amounts), Fraction(0)) / len(amounts)
        return sqrt(spread) / float(mean)


def ordered(values: Values) -> list[tuple[str, Decimal]]:
    """Largest first, the smaller id on ties."""
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def indices(values: Values) -> dict[str, Any]:
    """The indices of concentration; those that need a positive sum are NULL without one."""
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
    total = sum(values.values(), Decimal(0))
    running = peak = Decimal(0)
    for _, value in ordered(values):
        running += value
        peak = max(peak, running)
    return Fraction(peak) / Fraction(total) if total > 0 else None


def ranked(values: Values) -> dict[str, dict[str, Any]]:
    """Rank, share and ABC class."""
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
