"""Who the clients are on a day: since when, how alive, whose."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

from tests.oracle.cohort import is_key
from tests.oracle.facts import Facts
from tests.oracle.tree import PSEUDO, Tree

CENSORED, NEW, LEAST_GAP, WINDOW = timedelta(180), 180, 90, timedelta(730)


def clients(facts: Facts, as_of: date, tree: Tree) -> dict[str, dict[str, Any]]:
    """Group: the row of dim_account_group, pseudo-members left out."""
    known = facts.known_by(as_of)
    invoiced = _invoice_days(known, tree)
    first = min(
        line["posting_date"]
        for line in known.get("invoice_line")
        if line["document_type"] == "INVOICE"
    )
    groups = set(tree.today.values()) - set(PSEUDO)
    groups |= {name for name, customer in tree.accounts.items() if customer is None}
    return {
        group: _dated(facts, group, tree, sorted(invoiced[group]), as_of, first + CENSORED)
        | {"is_key_account": False, "manager_id": None}
        | _owned(facts, group, tree, as_of)
        for group in groups
    }


def _invoice_days(known: Facts, tree: Tree) -> dict[str, set[date]]:
    """Days on which a group has an invoice that its cancellations leave above nothing."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    posted = {}
    for line in known.get("invoice_line"):
        if line["document_type"] == "INVOICE":
            left[line["document_id"]] += line["net_amount_base"]
            posted[line["document_id"]] = (tree.group(line["customer_id"]), line["posting_date"])
        elif line["document_type"] == "CANCELLATION":
            left[line["cancels_document_id"]] += line["net_amount_base"]
    days: dict[str, set[date]] = defaultdict(set)
    for document, (group, day) in posted.items():
        if left[document] > 0:
            days[group].add(day)
    return days


def _dated(
    facts: Facts, group: str, tree: Tree, days: list[date], as_of: date, censored: date
) -> dict[str, Any]:
    members = [c for c, found in tree.today.items() if found == group]
    created = [r["created_date"] for r in facts.get("customer") if r["customer_id"] in members]
    row = {"n_accounts": len(members) or 1, "first_invoice_date": None, "last_invoice_date": None}
    row |= {"tenure_start_date": None, "tenure_days": None, "lifecycle": "prospect"}
    if not days:
        return row
    start, is_censored = days[0], days[0] < censored
    earlier = [day for day in created if day and day < start]
    if is_censored and earlier:
        start, is_censored = min(earlier), False
    tenure = (as_of - start).days
    return row | {
        "first_invoice_date": days[0],
        "last_invoice_date": days[-1],
        "tenure_start_date": start,
        "tenure_days": tenure,
        "lifecycle": _lifecycle(days, tenure, as_of, is_censored, as_of < censored),
    }


def _lifecycle(
    days: list[date], tenure: int, as_of: date, is_censored: bool, is_early: bool
) -> str | None:
    if is_censored and is_early:
        return None
    if tenure < NEW and not is_censored:
        return "new"
    window = [day for day in days if day > as_of - WINDOW]
    gaps = [(b - a).days for a, b in pairwise(window)]
    limit = max(Fraction(LEAST_GAP), 3 * Fraction(median(gaps))) if gaps else LEAST_GAP
    silent = (as_of - days[-1]).days
    return "lost" if silent > 2 * limit else "dormant" if silent > limit else "active"


def _owned(facts: Facts, group: str, tree: Tree, day: date) -> dict[str, Any]:
    """Key account by any account; manager by the team of its account, else by its owner."""
    found: dict[str, Any] = {}
    for account in facts.get("account"):
        if tree.account_group(account["account_id"]) != group:
            continue
        if is_key(facts, account, day):
            found["is_key_account"] = True
        team = [
            row["person_id"]
            for row in facts.get("account_team")
            if row["account_id"] == account["account_id"]
            and row["valid_from"] <= day <= (row["valid_to"] or day)
        ]
        manager = team[0] if team else account["owner_person_id"]
        if manager:
            found["manager_id"] = f"erp:{manager}"
    return found
