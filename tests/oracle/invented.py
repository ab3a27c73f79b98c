"""Random companies in which every ruling on money has at least one fact."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.oracle import (
    invented_cases,
    invented_documents,
    invented_master,
    invented_people,
    invented_rates,
    invented_service,
)
from tests.oracle.book import Book
from tests.oracle.facts import Facts

UNRATED = 2


def company(seed: int) -> Facts:
    """The facts of one company, always the same for a seed; one has gaps in its rates."""
    chance, facts = random.Random(seed), Facts()
    invented_rates.companies_and_rates(facts, chance)
    invented_master.clients(facts, chance)
    invented_master.products(facts, chance)
    invented_master.prices(facts)
    book = Book(facts, chance)
    posted = invented_documents.invoices(book)
    invented_service.orders(facts, chance, posted)
    invented_service.planted_orders(facts)
    invented_service.costs(facts, chance, posted)
    invented_service.unassigned_freight(facts, chance)
    invented_people.people(facts, chance)
    invented_people.receivables(facts, chance, posted)
    invented_documents.corrections(book, posted)
    invented_cases.plant(book)
    if seed == UNRATED:
        invented_cases.unrated(book)
    facts.planted |= invented_documents.PLANTED
    set_aside(facts)
    ledger(facts)
    return facts


def set_aside(facts: Facts) -> None:
    """A line without customer whose money can be read, and one whose money cannot."""
    line = {
        "document_id": "Q1", "line_id": "1", "company_code": "01", "document_type": "INVOICE",
        "posting_date": date(2025, 3, 14), "customer_id": None, "net_amount": Decimal("12.34"),
        "currency": "BRL", "net_amount_base": Decimal("12.34"), "gl_account": "3.1.1",
    }  # fmt: skip
    facts.set_aside.append(line)
    facts.set_aside.append(
        line
        | {"document_id": "Q2", "customer_id": "C01a", "posting_date": date(2025, 4, 14)}
        | {"net_amount_base": "a lot"}
    )
    facts.planted |= {"quarantined_money", "quarantined_unreadable"}


def ledger(facts: Facts) -> None:
    """Totals that meet the lines; one company without them, the newest months open."""
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in facts.get("invoice_line") + facts.set_aside[:1]:
        period = f"{line['posting_date']:%Y-%m}"
        total[line["company_code"], period] += line["net_amount_base"]
    for (code, period), amount in sorted(total.items()):
        if period < "2026-02":
            closed = invented_master.LAST_DAY.replace(day=1)
            facts.add("period_close", company_code=code, period=period, closed_date=closed)
        if code != "03":
            facts.add(
                "ledger_balance", company_code=code, period=period, gl_account="3.1.1",
                amount_base=amount,
            )  # fmt: skip
    facts.add(
        "ledger_balance", company_code="01", period="2025-03", gl_account="3.1.2",
        amount_base=Decimal("0.00"),
    )  # fmt: skip
    facts.planted |= {"ledger_missing", "ledger_open", "ledger_without_lines"}


def rehung(facts: Facts) -> Facts:
    """The same company later: a shop changed its group, one left, a whole client joined another."""
    parents = {"C02c": "C01a", "C13b": None, "C14a": "C13a"}
    later = Facts(rows=facts.rows.copy(), planted=facts.planted, set_aside=facts.set_aside)
    later.rows["customer"] = [
        row | {"parent_customer_id": parents[row["customer_id"]]}
        if row["customer_id"] in parents
        else row
        for row in facts.get("customer")
    ]
    later.rows["ledger_balance"] = [
        row | {"amount_base": Decimal("0.01")} if row["gl_account"] == "3.1.2" else row
        for row in facts.get("ledger_balance")
    ]
    return later
