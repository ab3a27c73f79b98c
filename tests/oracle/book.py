"""Writes the documents of an invented company."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.facts import Facts, Row
from tests.oracle.invented_master import BASE, POSTED_RATE

CENT = Decimal("0.01")


def in_base(amount: Decimal, currency: str, company: str) -> Decimal:
    """An amount as the ledger of a company would post it."""
    rate = Decimal(POSTED_RATE[currency]) / Decimal(POSTED_RATE[BASE[company]])
    return (amount * rate).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Book:
    """Writes documents with running numbers."""

    facts: Facts
    chance: random.Random
    number: int = 0

    def post(
        self, kind: str, day: date, customer: str, company: str, lines: list[Row], **shared: Any
    ) -> list[Row]:
        """A document of this kind with these lines (product, quantity, net amount, more)."""
        self.number += 1
        currency = shared.pop("currency", BASE.get(company))
        posted = []
        for position, line in enumerate(lines, start=1):
            base = line.pop("base", None)
            row = {
                "document_id": f"D{self.number:05d}", "line_id": str(position),
                "company_code": company, "document_type": kind, "posting_date": day,
                "customer_id": customer, "product_id": None, "quantity": None,
                "currency": currency, "gl_account": "3.1.1", **shared, **line,
            }  # fmt: skip
            row["net_amount_base"] = (
                in_base(row["net_amount"], row["currency"], company) if base is None else base
            )
            posted.append(self.facts.add("invoice_line", **row))
        return posted

    def back(self, line: Row, share: Decimal = Decimal(-1)) -> Row:
        """The product, quantity and money of a line, reversed or in part."""
        quantity = line["quantity"] and (line["quantity"] * share).quantize(Decimal("0.0001"))
        return {
            "product_id": line["product_id"],
            "quantity": quantity,
            "net_amount": (line["net_amount"] * share).quantize(CENT, ROUND_HALF_UP),
            "base": (line["net_amount_base"] * share).quantize(CENT, ROUND_HALF_UP),
            "currency": line["currency"],
        }

    def cancel(self, lines: list[Row], day: date, *, by_line: bool, share: int = -1) -> list[Row]:
        """The cancellation of a document, which names its lines or only itself."""
        origin = lines[0]
        reversed_lines = [
            self.back(line, Decimal(share) if share == -1 else Decimal("-0.5"))
            | ({"cancels_line_id": line["line_id"]} if by_line else {})
            for line in lines
        ]
        return self.post(
            "CANCELLATION", day, origin["customer_id"], origin["company_code"], reversed_lines,
            cancels_document_id=origin["document_id"],
        )  # fmt: skip
