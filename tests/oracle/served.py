"""What it costs to serve: freight, handling, returns, people and capital, fact by fact."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts import Row, local_day
from tests.oracle.lines import Lines
from tests.oracle.money import cents, month_end, month_of, months_before, times
from tests.oracle.tree import UNMAPPED

MINUTES = {"visit": 60, "call": 15, "email": 5, "other": 30}
HOUR, CASE, ORDER, LINE, EXPEDITE = 90, Decimal(75), Decimal(12), Decimal("1.5"), 75
CAPITAL = Fraction(15, 100)


@dataclass
class Amount:
    """Money of one source row in one cell and column."""

    month: date
    group: str
    group_as_was: str
    company: str
    column: str
    money: Decimal | None
    is_estimated: bool = False


class Served:
    """The costs to serve known on a day."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.facts, self.tree, self.as_of = lines.facts, lines.tree, lines.as_of
        self.invoiced: dict[str, list[tuple[date, str]]] = defaultdict(list)
        self.company_of_order: dict[str, str] = {}
        for line in lines.all:
            if line["document_type"] == "INVOICE":
                dated = (line["posting_date"], line["company_code"])
                self.invoiced[lines.group(line)[0]].append(dated)
            order = line["order_id"]
            if order:
                before = self.company_of_order.get(order, line["company_code"])
                self.company_of_order[order] = min(before, line["company_code"])

    def company_of_group(self, group: str, day: date) -> str:
        """The company that invoiced the group last by the day, else first later, else nobody."""
        invoiced = self.invoiced.get(group, [])
        before = [posted for posted, _ in invoiced if posted <= day]
        if not invoiced:
            return "*"
        wanted = max(before) if before else min(posted for posted, _ in invoiced)
        return min(company for posted, company in invoiced if posted == wanted)

    def company_of_document(self, document: str | None) -> str | None:
        lines = self.lines.documents.get(document or "")
        return min(line["company_code"] for line in lines) if lines else None

    def _of_customer(
        self, customer: str | None, day: date, company: str, column: str, money: Decimal | None,
        is_estimated: bool = False,
    ) -> Amount:  # fmt: skip
        group, was = self.tree.group(customer), self.tree.group_as_was(customer, day)
        return Amount(month_of(day), group, was, company, column, money, is_estimated)

    def is_repeated(self, cost: Row) -> bool:
        lines = self.lines.documents.get(cost["document_id"] or "", [])
        return any(line["document_type"] == "REBATE" for line in lines)

    def cost_company(self, cost: Row) -> str:
        named = cost["company_code"] or self.company_of_document(cost["document_id"])
        if named or cost["customer_id"] is None:
            return named or "*"
        group = self.tree.group(cost["customer_id"])
        return self.company_of_group(group, cost["posting_date"])

    def customer_costs(self) -> Iterator[tuple[Row, Amount, Decimal | None]]:
        """Posted costs with their amount in the reporting currency and at constant rates."""
        column = {"freight": "freight", "expedite": "handling", "return_handling": "returns"}
        for cost in self.facts.get("customer_cost"):
            if self.is_repeated(cost):
                continue
            company, day = self.cost_company(cost), cost["posting_date"]
            currency = self.lines.base_currency.get(company, "BRL")
            name = column.get(cost["cost_type"], "trade_spend_costs")
            if cost["amount_base"] is None:
                money: Decimal | None = Decimal(EXPEDITE)
                fixed = None
            else:
                rate = self.lines.base_rate(company, month_of(day))
                money = times(cost["amount_base"], rate)
                fixed = times(cost["amount_base"], self.lines.rates.constant(currency))
            posted = self._of_customer(
                cost["customer_id"], day, company, name, money, cost["amount_base"] is None
            )
            yield cost, posted, fixed

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
                yield self._of_customer(customer, end, company, "freight", money, True)

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

    def orders(self) -> Iterator[Amount]:
        """Every order once and every order line, cancelled ones too."""
        seen = set()
        for row in self.facts.get("order_line"):
            day = row["ordered_date"]
            company = row["company_code"] or self.company_of_order.get(row["order_id"])
            group = self.tree.group(row["customer_id"])
            company = company or self.company_of_group(group, day)
            money = LINE if row["order_id"] in seen else LINE + ORDER
            seen.add(row["order_id"])
            yield self._of_customer(row["customer_id"], day, company, "handling", money, True)

    def people(self) -> Iterator[Amount]:
        """Hours of our people, and cases."""
        ours: dict[str, int] = defaultdict(int)
        for row in self.facts.get("activity_participant"):
            ours[row["activity_id"]] += row["party_kind"] == "person"
        for row in self.facts.get("activity"):
            minutes = row["duration_minutes"]
            minutes = MINUTES[row["activity_type"]] if minutes is None else minutes
            hours = Fraction(minutes, 60) * max(1, ours[row["activity_id"]])
            yield self._of_account(row["account_id"], row["happened_at"], cents(hours * HOUR))
        for row in self.facts.get("case"):
            yield self._of_account(row["account_id"], row["opened_at"], CASE)

    def _of_account(self, account: str, moment: date, money: Decimal) -> Amount:
        day = local_day(moment)
        group, was = self.tree.account_group(account), self.tree.account_group_as_was(account, day)
        company = self.company_of_group(group, day)
        return Amount(month_of(day), group, was, company, "selling_service", money, True)

    def capital(self) -> Iterator[Amount]:
        """The mean of what is owed at the start and the end of a month, for its days so far."""
        moved: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        owner = {}
        for row in self.facts.get("receivable"):
            company = row["company_code"] or self.company_of_document(row["document_id"])
            group = self.tree.group(row["customer_id"])
            company = company or self.company_of_group(group, row["issued_date"])
            owner[row["receivable_id"]] = (row["customer_id"], company)
            moved[row["customer_id"], company][month_of(row["issued_date"])] += row["amount_base"]
        for row in self.facts.get("receipt"):
            if row["receivable_id"] in owner:
                account = moved[owner[row["receivable_id"]]]
                account[month_of(row["paid_date"])] -= row["amount_base"]
        for (customer, company), movements in moved.items():
            yield from self._financed(customer, company, movements)

    def _financed(
        self, customer: str, company: str, movements: dict[date, Decimal]
    ) -> Iterator[Amount]:
        balance, month = Decimal(0), min(movements)
        while month <= self.as_of:
            closing = balance + movements.get(month, Decimal(0))
            days = Fraction(min(month_end(month), self.as_of).day, month_end(month).day)
            cost = Fraction(balance + closing) / 2 * CAPITAL / 12 * days
            money = times(cost, self.lines.base_rate(company, month))
            end = min(month_end(month), self.as_of)
            if balance or closing:
                yield self._of_customer(customer, end, company, "financing", money, True)
            balance, month = closing, months_before(month, -1)

    def all(self) -> Iterator[Amount]:
        for source in (self.freight, self.orders, self.people, self.capital):
            yield from source()


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
