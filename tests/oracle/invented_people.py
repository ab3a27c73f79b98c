"""Whom an invented company visits, and who owes it what."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from tests.oracle.facts import Facts, Row
from tests.oracle.invented_master import N_CLIENTS


def people(facts: Facts, chance: random.Random) -> None:
    """Visits and calls with and without duration, by one or two of us; cases; a prospect."""
    for number in range(160):
        account = f"A{chance.randint(1, N_CLIENTS):02d}" if number else "AP"
        moment = datetime(2023, 2, 5, 13) + timedelta(days=number * 7)
        facts.add(
            "activity", activity_id=f"T{number:03d}", account_id=account, happened_at=moment,
            activity_type=chance.choice(["visit", "call", "email", "other"]),
            duration_minutes=chance.choice([None, 25, 50, 95]),
        )  # fmt: skip
        for person in ["M1", "M2"][: chance.randint(0, 2)]:
            facts.add(
                "activity_participant", activity_id=f"T{number:03d}", party_kind="person",
                party_id=person,
            )  # fmt: skip
        if number % 5 == 0:
            facts.add("case", case_id=f"S{number}", account_id=account, opened_at=moment)
    for number, account in enumerate(["AM", "NOBODY"]):
        moment = datetime(2025, 4, 4 + number, 12)
        facts.add(
            "activity", activity_id=f"TX{number}", account_id=account, happened_at=moment,
            activity_type="visit",
        )  # fmt: skip
    facts.planted |= {
        "activity_of_merged_account",
        "activity_of_nobody",
        "day_in_the_company_s_zone",
    }
    late = datetime(2025, 6, 1, 1, 30)  # 31 May in Sao Paulo
    facts.add("case", case_id="SN", account_id="A01", opened_at=late)
    facts.planted |= {"hours", "default_minutes", "two_of_us", "case", "prospect_activity"}
    facts.planted |= {"company_of_nobody"}


def receivables(facts: Facts, chance: random.Random, posted: list[list[Row]]) -> None:
    """What clients owe with tax, paid at once, in parts, late, or netted with a credit."""
    for number, lines in enumerate(posted):
        line = lines[0]
        owed = (sum(row["net_amount_base"] for row in lines) * Decimal("1.18")).quantize(
            Decimal("0.01")
        )
        signed = -owed / 2 if number % 9 == 8 else owed
        signed = signed.quantize(Decimal("0.01"))
        facts.add(
            "receivable", receivable_id=f"B{number:04d}", customer_id=line["customer_id"],
            company_code=line["company_code"] if number % 2 else None,
            document_id=line["document_id"] if number % 3 else None,
            issued_date=line["posting_date"], due_date=line["posting_date"] + timedelta(days=30),
            amount_base=signed,
        )  # fmt: skip
        first = (signed / 3).quantize(Decimal("0.01"))
        day = line["posting_date"] + timedelta(days=chance.randint(0, 70))
        for part, amount in enumerate([first, signed - first][: chance.randint(1, 2)]):
            paid = day + timedelta(days=40 * part)
            facts.add(
                "receipt", receipt_id=f"B{number:04d}/{part}", receivable_id=f"B{number:04d}",
                paid_date=paid, amount_base=amount,
            )  # fmt: skip
    facts.planted |= {"financing", "financing_netted"}
