"""Document lines: the column each feeds, whose it is, and what it is worth in every currency."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.facts import Facts, Row
from tests.oracle.money import REPORTING, Rates, cents, month_of, times
from tests.oracle.tree import INTERCOMPANY, Tree

COLUMN = {
    "INVOICE": "invoiced", "DEBIT_NOTE": "invoiced", "INTERCOMPANY": "invoiced",
    "CREDIT_NOTE": "credits", "RETURN": "credits", "REBATE": "trade_spend",
}  # fmt: skip
Key = tuple[str, str]


def key_of(line: Row) -> Key:
    return line["document_id"], line["line_id"]


def by_line(line: Row) -> tuple[int, str]:
    """Line order: by number."""
    return int(line["line_id"]), line["line_id"]


@dataclass
class Lines:
    """The lines known on a day."""

    facts: Facts
    as_of: date
    tree: Tree
    rates: Rates

    @cached_property
    def all(self) -> list[Row]:
        return self.facts.get("invoice_line")

    @cached_property
    def documents(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for line in self.all:
            found.setdefault(line["document_id"], []).append(line)
        return {name: sorted(lines, key=by_line) for name, lines in found.items()}

    @cached_property
    def product(self) -> dict[str, Row]:
        return self.facts.by_key("product", "product_id")

    @cached_property
    def base_currency(self) -> dict[str, str]:
        return {row["company_code"]: row["base_currency"] for row in self.facts.get("company")}

    def column(self, document: str | None) -> str:
        lines = self.documents.get(document or "")
        if lines is None:
            return "invoiced"
        kind = lines[0]["document_type"]
        return COLUMN.get(kind) or self.column(lines[0]["cancels_document_id"])

    def is_intercompany(self, document: str | None) -> bool:
        lines = self.documents.get(document or "", [])
        return any(
            line["document_type"] == "INTERCOMPANY"
            or self.is_intercompany(line["cancels_document_id"] or line["origin_document_id"])
            for line in lines
        )

    def group(self, line: Row) -> tuple[str, str]:
        """The group of today and of the posting date."""
        if self.is_intercompany(line["document_id"]):
            return INTERCOMPANY, INTERCOMPANY
        customer = line["customer_id"]
        return self.tree.group(customer), self.tree.group_as_was(customer, line["posting_date"])

    def is_revenue_product(self, line: Row) -> bool:
        return self.product.get(line["product_id"], {}).get("is_revenue") is not False

    def base_rate(self, company: str, month: date) -> Fraction | None:
        return self.rates.month(self.base_currency.get(company, REPORTING), month)

    def rc(self, line: Row) -> Decimal | None:
        rate = self.base_rate(line["company_code"], month_of(line["posting_date"]))
        return times(line["net_amount_base"], rate)

    def cc(self, line: Row) -> Decimal | None:
        return times(line["net_amount"], self.rates.constant(line["currency"]))

    @cached_property
    def ordered(self) -> dict[Any, date]:
        return {
            (row["order_id"], row["order_line_id"]): row["ordered_date"]
            for row in self.facts.get("order_line")
        }

    def list_value(self, line: Row) -> Decimal | None:
        """The first list value there is, brought to the books as the line itself was."""
        rate = self.base_rate(line["company_code"], month_of(line["posting_date"]))
        if rate is None:
            return None
        if line["net_amount"] == 0:
            return cents(Fraction(line["net_amount_base"]) * rate)
        exchange = Fraction(line["net_amount_base"]) / Fraction(line["net_amount"])
        return cents(self._listed(line) * exchange * rate)

    def _listed(self, line: Row) -> Fraction:
        if line["list_unit_price"] is not None and line["quantity"] is not None:
            return Fraction(line["list_unit_price"]) * Fraction(line["quantity"])
        price = self._price(line)
        if price is not None and line["quantity"] is not None:
            return Fraction(price) * Fraction(line["quantity"])
        return Fraction(line["net_amount"]) + Fraction(line["discount_amount"] or 0)

    def _price(self, line: Row) -> Decimal | None:
        order = (line["order_id"], line["order_line_id"])
        day = self.ordered.get(order, line["posting_date"])
        valid = [
            row
            for row in self.facts.get("list_price")
            if row["product_id"] == line["product_id"]
            and row["currency"] == line["currency"]
            and row["valid_from"] <= day <= (row["valid_to"] or date.max)
        ]
        return max(valid, key=lambda row: row["valid_from"])["unit_price"] if valid else None
