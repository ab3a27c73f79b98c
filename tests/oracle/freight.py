"""Freight: as posted, or spread over the customers by delivered weight."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.costs import Amount, Posted
from tests.oracle.money import month_end, month_of
from tests.oracle.tree import UNMAPPED


class Freight(Posted):
    """Posted costs to serve, and freight that names no customer."""

    def freight(self) -> Iterator[Amount]:
        """Freight of a customer as posted; without customer by delivered weight."""
        pools: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
        for cost, posted, _ in self.customer_costs():
            if posted.column == "freight" and cost["customer_id"] is None:
                assert posted.money is not None
                pools[posted.company, posted.month] += posted.money
            elif posted.column != "trade_spend_costs":
                yield posted
        weights = self._weights()
        for (company, month), pool in pools.items():
            shares = weights.get((company, month))
            if not shares:
                yield Amount(month, UNMAPPED, UNMAPPED, company, "freight", pool)
                continue
            end = min(month_end(month), self.as_of)
            for customer, money in largest_remainder(pool, shares).items():
                yield self.of_customer(customer, end, company, "freight", money, True)

    def _weights(self) -> dict[tuple[str, date], dict[str, Fraction]]:
        orders = self.facts.by_key("order_line", "order_id", "order_line_id")
        found: dict[tuple[str, date], dict[str, Fraction]] = defaultdict(dict)
        for row in self.facts.get("delivery_line"):
            order = orders.get((row["order_id"], row["order_line_id"]))
            if order is None or row["delivered_date"] is None:
                continue
            customer, day = order["customer_id"], row["delivered_date"]
            company = row["company_code"] or self.company_of_order.get(row["order_id"])
            company = company or self.company_of_group(self.tree.group(customer), day)
            weight = self._weight(order["product_id"]) * Fraction(row["quantity"])
            cell = found[company, month_of(day)]
            cell[customer] = cell.get(customer, Fraction(0)) + weight
        return found

    def _weight(self, product: str) -> Fraction:
        products = self.lines.product
        family = products[product]["family"]
        own = products[product]["weight_kg"]
        of_family = [r["weight_kg"] for r in products.values() if r["family"] == family and family]
        for weights in ([own], of_family, [r["weight_kg"] for r in products.values()]):
            known = [Fraction(weight) for weight in weights if weight is not None]
            if known:
                return sum(known, Fraction(0)) / len(known)
        return Fraction(0)


def largest_remainder(pool: Decimal, shares: dict[str, Fraction]) -> dict[str, Decimal]:
    """Whole cents by share; what is left goes to the largest remainders, the smaller id on ties."""
    if pool < 0:
        return {name: -money for name, money in largest_remainder(-pool, shares).items()}
    total = sum(shares.values(), Fraction(0))
    exact = {name: Fraction(pool) * 100 * share / total for name, share in shares.items()}
    whole = {name: int(amount) for name, amount in exact.items()}
    left = int(pool * 100) - sum(whole.values())
    for name in sorted(exact, key=lambda n: (whole[n] - exact[n], n))[:left]:
        whole[name] += 1
    return {name: Decimal(amount) / 100 for name, amount in whole.items()}
