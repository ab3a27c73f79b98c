"""Documents planted one by one, because chance would miss them or their boundary."""

from datetime import date
from decimal import Decimal

from tests.oracle.book import Book
from tests.oracle.facts import Row


def _line(product: str | None, quantity: str | None, net: str, **more: object) -> Row:
    pieces = None if quantity is None else Decimal(quantity)
    return {"product_id": product, "quantity": pieces, "net_amount": Decimal(net), **more}


def boundaries(book: Book) -> None:
    """A credit of 365 and of 366 days, a cost of 365 and of 366, and cents that do not divide."""
    book.post("INVOICE", date(2024, 1, 10), "C03a", "03", [_line("P9", "10", "100.00")])
    for day in (date(2025, 1, 9), date(2025, 1, 10)):
        book.post("CREDIT_NOTE", day, "C03a", "03", [_line("P9", "-4", "-40.00")])
    book.facts.add(
        "standard_cost", company_code="03", product_id="P9", valid_from=date(2024, 3, 1),
        unit_cost_base=Decimal("4.4450"),
    )  # fmt: skip
    for day in (date(2025, 3, 1), date(2025, 3, 2)):
        book.post("INVOICE", day, "C05a", "03", [_line("P9", "7", "70.07")])
    for day in (date(2025, 4, 7), date(2025, 5, 7), date(2025, 6, 7)):
        book.post("INVOICE", day, "C04a", "01", [_line("P9", "1", "5.00")])
    book.post("CREDIT_NOTE", date(2025, 7, 1), "C04a", "01", [_line("P9", "-3", "-10.00")])
    book.post("INVOICE", date(2025, 7, 2), "C04a", "01", [_line("P1", "5", "0.00")])
    book.facts.planted |= {
        "credit_beyond_365_days", "credit_parts_with_a_cent_over", "line_of_zero",
        "cost_365_days", "cost_366_days",
    }  # fmt: skip


def families(book: Book) -> None:
    """A family of three costs whose mean does not end, times many pieces."""
    lines = [_line("P3", "33333", "99999.99"), _line("P7", "3", "30.00")]
    book.post("INVOICE", date(2025, 8, 5), "C01a", "01", lines)
    long_list = [_line("P2", "1", f"{number}.00") for number in range(1, 12)]
    origin = book.post("INVOICE", date(2025, 8, 6), "C02a", "01", long_list)
    back = [_line("P2", "-2.5", "-9.99", origin_document_id=origin[0]["document_id"])]
    book.post("RETURN", date(2025, 9, 1), "C02a", "01", back, is_restocked=True)


def cancellations(book: Book) -> None:
    """Of a rebate, of half a credit, and of a document that nobody delivered."""
    rebate = book.post("REBATE", date(2025, 5, 5), "C06a", "01", [_line(None, None, "-77.77")])
    for cost in book.facts.rows["customer_cost"]:
        if cost.get("document_id") == "D_REBATE":
            cost["document_id"] = rebate[0]["document_id"]
    book.cancel(rebate, date(2025, 6, 6), by_line=True)
    book.post("INVOICE", date(2025, 5, 1), "C06a", "01", [_line("P9", "4", "40.04")])
    credit = book.post("RETURN", date(2025, 5, 20), "C06a", "01", [_line("P9", "-6", "-60.01")])
    book.cancel(credit, date(2025, 8, 8), by_line=True, share=2)
    book.post(
        "CANCELLATION", date(2025, 9, 9), "C06a", "01", [_line("P1", "-1", "-13.00")],
        cancels_document_id="GONE", cancels_line_id="1",
    )  # fmt: skip
    lone = book.post(
        "RETURN", date(2024, 2, 20), "C08a", "03", [_line("P9", "-3", "-30.00")], is_restocked=True
    )
    book.cancel(lone, date(2024, 3, 20), by_line=True)
    book.facts.planted |= {"cancelled_rebate", "cancelled_credit_in_part"}
    book.facts.planted |= {"cancelled_credit_after_a_change_of_cost"}
    book.facts.planted |= {"cancellation_of_unknown_origin"}


def outsiders(book: Book) -> None:
    """Documents between our companies, of our own customer, and of a client that nobody knows."""
    origin = book.post(
        "INTERCOMPANY", date(2025, 2, 3), "C07a", "01", [_line("P1", "20", "200.00")]
    )
    link = {"origin_document_id": origin[0]["document_id"], "origin_line_id": "1"}
    book.post("CREDIT_NOTE", date(2025, 3, 3), "C07a", "01", [_line("P1", "-5", "-50.00", **link)])
    book.cancel(origin, date(2025, 4, 4), by_line=True)
    book.post("INVOICE", date(2025, 4, 5), "Z99", "02", [_line("P2", "8", "88.00")])
    book.post("INVOICE", date(2025, 4, 6), "GHOST", "01", [_line("P2", "2", "21.00")])
    book.post("CREDIT_NOTE", date(2025, 5, 6), "GHOST", "01", [_line("P2", "-1", "-10.50")])
    book.facts.planted |= {
        "intercompany_document", "intercompany_customer", "intercompany_credit",
        "intercompany_cancellation", "unmapped_money",
    }  # fmt: skip


def movers(book: Book) -> None:
    """A client whose small part will leave it, and a smaller client that will join it."""
    for day in (date(2025, 6, 3), date(2025, 9, 3), date(2026, 1, 8)):
        book.post("INVOICE", day, "C13a", "01", [_line("P1", "40", "400.00")])
        book.post("INVOICE", day, "C13b", "01", [_line("P2", "4", "45.00")])
        book.post("INVOICE", day, "C14a", "02", [_line("P1", "9", "21.00")])
    book.post("INVOICE", date(2026, 3, 31), "C14a", "02", [_line("P1", "9", "21.00")])


def unrated(book: Book) -> None:
    """Early documents in a currency and in books that no rate converts."""
    line = _line("P1", "3", "300.00", base=Decimal("10.00"))
    book.post("INVOICE", date(2023, 2, 20), "C01a", "01", [line], currency="JPY")
    book.facts.add("company", company_code="06", name="Six", base_currency="ARS")
    line = _line("P2", "3", "30.00", base=Decimal("9999.00"))
    book.post("INVOICE", date(2023, 2, 21), "C02a", "06", [line], currency="BRL")
    book.facts.planted |= {"currency_without_rate", "books_without_rate"}


def plant(book: Book) -> None:
    """All of them."""
    for case in (boundaries, families, cancellations, outsiders, movers):
        case(book)
