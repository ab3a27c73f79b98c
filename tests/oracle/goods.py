"""What the goods of a line cost: standard cost at ship date, by the first step that knows one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property

from tests.oracle.credits import CREDITS, Matching, size
from tests.oracle.facts import Row
from tests.oracle.lines import Lines, key_of
from tests.oracle.money import cents, month_of, times


@dataclass
class Cost:
    """What a line costs; how much of it is estimated, and the revenue that found no cost."""

    cost: Decimal | None
    estimated: Decimal | None
    uncosted: Decimal | None
    steps: set[int]


class Goods:
    """Cost of every line that takes one."""

    def __init__(self, lines: Lines, matching: Matching) -> None:
        self.lines = lines
        self.matching = matching
        self.unit_cost = cache(self._unit_cost)

    @cached_property
    def shipped(self) -> dict[tuple[str, str], date]:
        found: dict[tuple[str, str], date] = {}
        for row in self.lines.facts.get("delivery_line"):
            key = (row["order_id"], row["order_line_id"])
            if row["shipped_date"]:
                found[key] = min(found.get(key, date.max), row["shipped_date"])
        return found

    @cached_property
    def dated(self) -> dict[tuple[str, str], list[tuple[date, Fraction]]]:
        found = defaultdict(list)
        for row in self.lines.facts.get("standard_cost"):
            cost = row["valid_from"], Fraction(row["unit_cost_base"])
            found[row["company_code"], row["product_id"]].append(cost)
        return {key: sorted(costs) for key, costs in found.items()}

    def ship_date(self, line: Row) -> date:
        return self.shipped.get((line["order_id"], line["order_line_id"]), line["posting_date"])

    def _latest(self, company: str, product: str, day: date) -> tuple[Fraction, int] | None:
        costs = [c for c in self.dated.get((company, product), []) if c[0] <= day]
        return (costs[-1][1], (day - costs[-1][0]).days) if costs else None

    def _unit_cost(self, company: str, product: str, day: date) -> tuple[Fraction, int]:
        own = self._latest(company, product, day)
        if own:
            return own[0], 1 if own[1] <= 365 else 2
        family = self.lines.product.get(product, {}).get("family")
        known = [
            cost[0]
            for other, row in self.lines.product.items()
            if family and row["family"] == family
            and (cost := self._latest(company, other, day)) and cost[1] <= 365
        ]  # fmt: skip
        return (sum(known, Fraction(0)) / len(known), 3) if known else (Fraction(0), 4)

    def takes_cost(self, line: Row) -> bool:
        kind = line["document_type"]
        if not self.lines.is_revenue_product(line):
            return False
        if kind in CREDITS:
            return bool(line["is_restocked"]) and line["quantity"] is not None
        return kind in ("INVOICE", "INTERCOMPANY")

    def pieces(self, line: Row) -> list[tuple[Row, Fraction]]:
        """The pieces that take a cost, each with the line whose goods and ship date they have."""
        if line["document_type"] != "CANCELLATION":
            if not self.takes_cost(line):
                return []
            if line["document_type"] not in CREDITS:
                return [(line, Fraction(line["quantity"]))]
            return [(p.origin or line, -p.quantity) for p in self.matching.parts[key_of(line)]]
        found = []
        for target, quantity in self.matching.targets[key_of(line)]:
            if self.takes_cost(target) and target["document_type"] not in CREDITS:
                found.append((target, -(quantity or size(target))))
            elif self.takes_cost(target):
                share = min(Fraction(1), quantity / size(target))
                parts = self.matching.parts[key_of(target)]
                found += [(p.origin or target, p.quantity * share) for p in parts]
        return found

    def cost(self, line: Row) -> Cost | None:
        """The cost of a line, NULL where it takes none."""
        pieces = self.pieces(line)
        if not pieces:
            return None
        rate = self.lines.base_rate(line["company_code"], month_of(line["posting_date"]))
        total = estimated = without = Fraction(0)
        steps = set()
        for origin, quantity in pieces:
            product, day = origin["product_id"], self.ship_date(origin)
            unit, step = self.unit_cost(origin["company_code"], product, day)
            total += unit * quantity
            estimated += unit * quantity if step in (2, 3) else 0
            without += quantity if step == 4 else 0
            steps.add(step)
        revenue, quantity = self.lines.rc(line), sum((q for _, q in pieces), Fraction(0))
        uncosted: Decimal | None = Decimal(0)
        if without:
            uncosted = revenue and cents(Fraction(revenue) * without / quantity)
        return Cost(times(total, rate), times(estimated, rate), uncosted, steps)
