"""What an invented company knows before it sells: clients, products, costs, prices."""

import random
from datetime import date
from decimal import Decimal

from tests.oracle.facts import Facts

FIRST_DAY = date(2023, 2, 1)
LAST_DAY = date(2026, 3, 31)
COMPANIES = ("01", "02", "03", "04")
BASE = {"01": "BRL", "02": "EUR", "03": "BRL", "04": "CLP"}
POSTED_RATE = {"BRL": "1", "EUR": "5.8713", "USD": "5.0127", "CLP": "0.0061"}
CHANNELS = ("retail", "wholesale", None)
REGIONS = ("South", "North", None)
N_CLIENTS = 12


def clients(facts: Facts, chance: random.Random) -> None:
    """Groups of one to three customers, one of our own, accounts and their managers."""
    for number in range(1, N_CLIENTS + 1):
        for member in range(chance.randint(1, 3) if number > 2 else 3):
            root = f"C{number:02d}a"
            facts.add(
                "customer",
                customer_id=f"C{number:02d}{'abc'[member]}",
                customer_name=f"Client {number} {'abc'[member]}",
                parent_customer_id=root if member else None,
                channel=CHANNELS[(number + member) % 3],
                region=REGIONS[number % 3],
                created_date=date(2021, number, 1) if number % 4 == 1 else None,
                is_intercompany=False,
            )
        _account(facts, number)
    for customer, parent in (("C13a", None), ("C13b", "C13a"), ("C14a", None)):
        facts.add(
            "customer", customer_id=customer, customer_name=f"Planted {customer}",
            parent_customer_id=parent, channel="retail", region="North", is_intercompany=False,
        )  # fmt: skip
    facts.add("customer", customer_id="Z99", customer_name="Sister", is_intercompany=True)
    facts.add("account", account_id="AM", account_name="Merged", merged_into_account_id="A01")
    facts.add("account", account_id="AP", account_name="Prospect", owner_person_id="M1")
    facts.planted |= {"channel_unknown", "key_by_dates", "key_by_decision", "manager_changed"}
    facts.planted |= {"created_before_the_first_invoice", "manager_by_owner"}
    for person in ("M1", "M2"):
        facts.add("person", person_id=person, person_name=f"Person {person}", department="Sales")


def _account(facts: Facts, number: int) -> None:
    account = f"A{number:02d}"
    facts.add(
        "account",
        account_id=account,
        account_name=f"Client {number}",
        erp_customer_ids=f"C{number:02d}a",
        key_account_from=date(2024, 3, 1) if number == 1 else None,
        key_account_to=date(2025, 6, 30) if number == 1 else None,
    )
    if number in (2, 3):
        facts.add(
            "programme_decision", account_id=account, decided_date=date(2024, number * 2, 15),
            is_key_account=True, decided_by_person_id="M1",
        )  # fmt: skip
    if number % 2:
        _manager(facts, account, "M1", date(2023, 1, 1), date(2024, 6, 30))
        _manager(facts, account, "M2", date(2024, 7, 1), None)


def _manager(facts: Facts, account: str, person: str, start: date, end: date | None) -> None:
    facts.add(
        "account_team", account_id=account, person_id=person, role="account_manager",
        valid_from=start, valid_to=end, is_account_manager=True,
    )  # fmt: skip


PRODUCTS = (
    # id, category, family, weight in kg, is it revenue
    ("P1", "Dry", "F1", "0.5", True),
    ("P2", "Dry", "F1", "1.5", True),
    ("P3", "Dry", "F1", None, True),
    ("P4", "Cold", "F1", "1", True),
    ("P5", "Cold", None, None, True),
    ("P6", None, "F2", "1", True),
    ("P7", "Cold", "F2", "1", None),
    ("P8", "Freight", None, None, False),
    ("P9", "Dry", None, "1", True),
)


def products(facts: Facts, chance: random.Random) -> None:
    """Products with and without family, category, weight; costs fresh, old and none."""
    for number, category, family, weight, is_revenue in PRODUCTS:
        facts.add(
            "product", product_id=number, product_name=f"Product {number}", category=category,
            family=family, weight_kg=weight and Decimal(weight), is_revenue=is_revenue,
        )  # fmt: skip
    for company in COMPANIES:
        for product in ("P1", "P2", "P4", "P6"):
            for year in (2022, 2023, 2024, 2025):
                if product == "P6" and (year > 2022 or company == "02"):
                    continue
                base = Decimal(chance.randint(10_000, 90_000)) / 10_000
                scale = Decimal(164) if BASE[company] == "CLP" else Decimal(1)
                facts.add(
                    "standard_cost", company_code=company, product_id=product,
                    valid_from=date(year, 1, chance.randint(1, 28)), unit_cost_base=base * scale,
                )  # fmt: skip
    facts.planted |= {"category_unknown"}


def prices(facts: Facts) -> None:
    """A list price without end, an offer within it that ends, and one in another currency."""
    for product, start, end, price, currency in (
        ("P1", date(2022, 1, 1), None, "11.4300", "BRL"),
        ("P1", date(2024, 5, 1), date(2024, 6, 30), "9.9900", "BRL"),
        ("P2", date(2022, 1, 1), date(2024, 12, 31), "12.3456", "BRL"),
        ("P2", date(2025, 1, 1), None, "13.4567", "BRL"),
        ("P4", date(2022, 1, 1), None, "3.2100", "EUR"),
    ):
        facts.add(
            "list_price", product_id=product, valid_from=start, valid_to=end,
            unit_price=Decimal(price), currency=currency,
        )  # fmt: skip
