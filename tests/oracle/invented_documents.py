"""The documents of an invented company: invoices, and what takes them back in every way."""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.book import CENT, Book
from tests.oracle.facts import Row
from tests.oracle.invented_master import BASE, FIRST_DAY, LAST_DAY, N_CLIENTS, POSTED_RATE


def invoice_lines(chance: random.Random, currency: str, size: int) -> list[Row]:
    """One to four lines, their list value known in different ways."""
    lines = []
    for _ in range(chance.randint(1, 4)):
        product = chance.choice(["P1", "P1", "P2", "P2", "P3", "P4", "P5", "P6", "P7", "P8"])
        quantity = Decimal(chance.randint(1, 40 * size)) / chance.choice([1, 1, 2])
        price = Decimal(chance.randint(100, 2000)) / 100 / Decimal(POSTED_RATE[currency])
        net = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        line: Row = {"product_id": product, "quantity": quantity, "net_amount": max(net, CENT)}
        known = chance.random()
        if known < 0.3:
            line["list_unit_price"] = (price * Decimal("1.137")).quantize(Decimal("0.0001"))
        elif known < 0.6:
            line["discount_amount"] = (net * Decimal("0.07")).quantize(CENT)
        lines.append(line)
    return lines


def invoices(book: Book) -> list[list[Row]]:
    """Documents of every client over three years; one begins late, one ends early."""
    posted = []
    for number in range(1, N_CLIENTS + 1):
        members = [
            row["customer_id"]
            for row in book.facts.get("customer")
            if row["customer_id"].startswith(f"C{number:02d}")
        ]
        day = date(2025, 11, 12) if number == 11 else FIRST_DAY + timedelta(days=number)
        end = date(2024, 12, 31) if number == 10 else LAST_DAY
        while day <= end:
            company = book.chance.choice(["01", "01", f"0{number % 4 + 1}"])
            foreign = book.chance.random() < 0.15
            currency = book.chance.choice(["USD", "BRL"]) if foreign else BASE[company]
            lines = invoice_lines(book.chance, currency, 1 + (N_CLIENTS - number) // 2)
            customer = book.chance.choice(members)
            posted.append(book.post("INVOICE", day, customer, company, lines, currency=currency))
            day += timedelta(days=book.chance.randint(9, 45))
    return posted


def corrections(book: Book, posted: list[list[Row]]) -> None:
    """Every third invoice is taken back in one of these ways, in turn."""
    for turn, lines in enumerate(posted[::3]):
        day = lines[0]["posting_date"] + timedelta(days=book.chance.randint(1, 80))
        if day <= LAST_DAY:
            WAYS[turn % len(WAYS)](book, lines, day)


def _credit(book: Book, line: Row, day: date, share: str, **shared: Any) -> list[Row]:
    kind = "RETURN" if shared.get("is_restocked") else "CREDIT_NOTE"
    back = book.back(line, Decimal(share))
    return book.post(kind, day, line["customer_id"], line["company_code"], [back], **shared)


def _linked(book: Book, lines: list[Row], day: date) -> None:
    link = {"origin_document_id": lines[0]["document_id"], "origin_line_id": "1"}
    _credit(book, lines[0], day, "-0.4", is_restocked=True, **link)
    _credit(book, lines[0], day + timedelta(days=1), "-0.3", is_restocked=False, **link)


def _document(book: Book, lines: list[Row], day: date) -> None:
    named = {"origin_document_id": lines[-1]["document_id"], "is_restocked": True}
    _credit(book, lines[-1], day, "-0.6", **named)


def _dangling(book: Book, lines: list[Row], day: date) -> None:
    _credit(book, lines[0], day, "-0.5", origin_document_id="GONE", origin_line_id="9")


def _free(book: Book, lines: list[Row], day: date) -> None:
    _credit(book, lines[0], day, "-2.7", is_restocked=True)


def _money_only(book: Book, lines: list[Row], day: date) -> None:
    back = book.back(lines[0], Decimal("-0.1"))
    customer, company = lines[0]["customer_id"], lines[0]["company_code"]
    book.post("CREDIT_NOTE", day, customer, company, [back | {"quantity": None}])
    book.post("CREDIT_NOTE", day, customer, company, [back | {"product_id": None}])


def _rebate(book: Book, lines: list[Row], day: date) -> None:
    back = book.back(lines[0], Decimal("-0.05")) | {"quantity": None, "product_id": None}
    customer, company = lines[0]["customer_id"], lines[0]["company_code"]
    rebate = book.post("REBATE", day, customer, company, [back])
    book.facts.add(
        "customer_cost", cost_id=f"R{rebate[0]['document_id']}", company_code=company,
        cost_type="rebate", customer_id=customer, document_id=rebate[0]["document_id"],
        posting_date=day, amount_base=-rebate[0]["net_amount_base"],
    )  # fmt: skip


def _cancelled_credit(book: Book, lines: list[Row], day: date) -> None:
    credit = _credit(book, lines[0], day, "-1.8", is_restocked=True)
    book.cancel(credit, day + timedelta(days=33), by_line=True)


def _debit(book: Book, lines: list[Row], day: date) -> None:
    more = book.back(lines[0], Decimal("0.02")) | {"quantity": None}
    book.post("DEBIT_NOTE", day, lines[0]["customer_id"], lines[0]["company_code"], [more])


WAYS = (
    _linked,
    _document,
    _dangling,
    _free,
    _money_only,
    lambda book, lines, day: book.cancel(lines, day, by_line=False) and None,
    _rebate,
    lambda book, lines, day: book.cancel(lines, day, by_line=True) and None,
    _cancelled_credit,
    lambda book, lines, day: book.cancel(lines[:1], day, by_line=True, share=2) and None,
    _debit,
)
PLANTED = {
    "invoice", "debit_note", "credit_note", "return", "rebate", "rebate_repeated",
    "cancelled_invoice", "cancelled_credit", "cancelled_in_part", "cancellation_of_a_document",
    "credit_linked_to_line", "credit_linked_to_document", "credit_with_dangling_link",
    "credit_first_in_first_out", "credit_without_product", "credit_without_quantity",
    "credit_over_what_is_left", "restocked", "not_restocked", "list_from_line",
    "list_from_price_list", "list_from_discount", "list_from_net", "list_in_other_currency",
    "list_after_offer", "document_currency_other_than_base", "cost_step_1", "cost_step_2",
    "cost_step_3", "cost_step_4", "product_without_family", "billed_freight", "negative_client",
    "new_client",
}  # fmt: skip
