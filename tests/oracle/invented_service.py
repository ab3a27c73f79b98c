"""What serving costs an invented company: orders, deliveries, freight, trade spend."""

import random
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.facts import Facts, Row
from tests.oracle.invented_master import LAST_DAY


def orders(facts: Facts, chance: random.Random, posted: list[list[Row]]) -> None:
    """Half of the invoices have an order; goods leave before, on or after the posting date."""
    for number, lines in enumerate(posted[::2]):
        origin = lines[0]
        ordered = origin["posting_date"] - timedelta(days=chance.randint(0, 50))
        for line in lines:
            line["order_id"], line["order_line_id"] = f"O{number:04d}", line["line_id"]
            facts.add(
                "order_line", order_id=f"O{number:04d}", order_line_id=line["line_id"],
                customer_id=line["customer_id"], product_id=line["product_id"],
                ordered_date=ordered, quantity=line["quantity"],
                company_code=chance.choice([None, line["company_code"]]),
            )  # fmt: skip
            if chance.random() < 0.8:
                _deliver(facts, chance, line)
    facts.planted |= {"ship_date", "ship_date_of_origin", "shipped_in_the_next_month"}
    facts.planted |= {"company_of_order", "list_on_order_date"}


def _deliver(facts: Facts, chance: random.Random, line: Row) -> None:
    shipped = line["posting_date"] + timedelta(days=chance.randint(-9, 25))
    facts.add(
        "delivery_line", delivery_id=f"V{line['document_id']}", delivery_line_id=line["line_id"],
        company_code=chance.choice([None, line["company_code"]]), order_id=line["order_id"],
        order_line_id=line["order_line_id"], shipped_date=shipped,
        delivered_date=chance.choice([None, shipped + timedelta(days=3)]),
        quantity=line["quantity"],
    )  # fmt: skip


def planted_orders(facts: Facts) -> None:
    """A cancelled order of a client that buys later, and a delivery without an order."""
    facts.add(
        "order_line", order_id="OX", order_line_id="1", customer_id="C11a", product_id="P1",
        ordered_date=date(2025, 10, 2), quantity=Decimal(5), cancelled_quantity=Decimal(5),
        cancelled_by="client",
    )  # fmt: skip
    facts.add(
        "delivery_line", delivery_id="VX", delivery_line_id="1", company_code="01",
        order_id="STRAY", order_line_id="1", shipped_date=date(2025, 10, 2),
        delivered_date=date(2025, 10, 5), quantity=Decimal(9000),
    )  # fmt: skip
    facts.planted |= {"order_cancelled", "delivery_without_order", "company_of_group_later"}


def costs(facts: Facts, chance: random.Random, posted: list[list[Row]]) -> None:
    """Freight, expedites, returns and trade spend; one client is dear to serve."""
    kinds = ["freight", "expedite", "bonus", "co_op", "return_handling", "rebate"]
    for number, lines in enumerate(posted[1::3]):
        line, kind = lines[0], kinds[number % len(kinds)]
        amount = Decimal(chance.randint(100, 30_000)) / 100
        if line["customer_id"].startswith("C12"):
            amount *= 40
        has_company, has_document = number % 3 == 0, number % 3 == 1
        facts.add(
            "customer_cost", cost_id=f"K{number:04d}", cost_type=kind,
            company_code=line["company_code"] if has_company else None,
            customer_id=line["customer_id"], posting_date=line["posting_date"],
            document_id=line["document_id"] if has_document else None,
            product_id=line["product_id"] if number % 2 else None,
            amount_base=None if kind == "expedite" and number % 4 == 1 else amount,
        )  # fmt: skip
    facts.planted |= {"freight_posted", "expedite_posted", "expedite_at_rate", "return_handling"}
    facts.add(
        "customer_cost", cost_id="KG", cost_type="bonus", customer_id="GHOST",
        posting_date=date(2025, 7, 7), amount_base=Decimal("5.55"),
    )  # fmt: skip
    facts.add(
        "customer_cost", cost_id="KR", cost_type="freight", customer_id="C06a",
        document_id="D_REBATE", posting_date=date(2025, 5, 6), amount_base=Decimal("6.66"),
    )  # fmt: skip
    facts.planted |= {"trade_spend", "company_of_document", "company_of_group"}
    facts.planted |= {"cost_of_unknown_client", "freight_repeated"}
    facts.planted |= {"cost_at_constant_rate"}


def unassigned_freight(facts: Facts, chance: random.Random) -> None:
    """A freight bill a month without a customer, also before anything was delivered."""
    days = [date(2023 + n // 12, n % 12 + 1, 20) for n in range(1, 38)]
    for number, day in enumerate(day for day in days if day <= LAST_DAY):
        for company in ("01", "02"):
            facts.add(
                "customer_cost", cost_id=f"F{number:02d}{company}", cost_type="freight",
                company_code=company, posting_date=day,
                amount_base=Decimal(chance.randint(1000, 90_000)) / 100,
            )  # fmt: skip
    facts.add(
        "customer_cost", cost_id="F99", cost_type="freight", company_code="05",
        posting_date=date(2025, 5, 5), amount_base=Decimal("55.55"),
    )  # fmt: skip
    facts.add(
        "customer_cost", cost_id="F98", cost_type="freight", company_code="03",
        posting_date=date(2024, 5, 8), amount_base=Decimal("-100.01"),
    )  # fmt: skip
    facts.planted |= {"freight_unassigned", "freight_without_deliveries", "freight_credited"}
    facts.planted |= {"weight_of_family", "weight_of_all"}
