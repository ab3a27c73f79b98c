"""What it costs to serve: freight, handling, returns, people and capital, fact by fact."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.oracle.costs import Amount
from tests.oracle.facts import local_day
from tests.oracle.freight import Freight
from tests.oracle.money import cents, month_end, month_of, months_before, times

MINUTES = {"visit": 60, "call": 15, "email": 5, "other": 30}
HOUR, CASE, ORDER, LINE = 90, Decimal(75), Decimal(12), Decimal("1.5")
CAPITAL = Fraction(15, 100)


class Served(Freight):
    """The costs to serve known on a day."""

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
            yield self.of_customer(row["customer_id"], day, company, "handling", money, True)

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
        moved: dict[tuple[str, str], dict[date, Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
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
                yield self.of_customer(customer, end, company, "financing", money, True)
            balance, month = closing, months_before(month, -1)

    def all(self) -> Iterator[Amount]:
        for source in (self.freight, self.orders, self.people, self.capital):
            yield from source()
