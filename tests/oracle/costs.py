"""Posted costs, and the group and company of every fact that names none."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.facts import Row
from tests.oracle.lines import Lines
from tests.oracle.money import month_of, times

EXPEDITE = Decimal(75)


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


class Posted:
    """Costs as posted, and whose they are: group, company and month."""

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

    def of_customer(
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
                money: Decimal | None = EXPEDITE
                fixed = None
            else:
                rate = self.lines.base_rate(company, month_of(day))
                money = times(cost["amount_base"], rate)
                fixed = times(cost["amount_base"], self.lines.rates.constant(currency))
            posted = self.of_customer(
                cost["customer_id"], day, company, name, money, cost["amount_base"] is None
            )
            yield cost, posted, fixed
