"""The proof against the ledger: company, period and account."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.facts import Facts
from tests.oracle.pnl import Books
from tests.oracle.tree import INTERCOMPANY, UNMAPPED

Place = tuple[str, str, str]


def proof(found: Books, facts: Facts, as_of: date) -> dict[Place, dict[str, Any]]:
    """What the ledger says, what was read, what was published, and the status."""
    total: dict[str, dict[Place, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in found.lines.all:
        place = (line["company_code"], f"{line['posting_date']:%Y-%m}", line["gl_account"])
        group = found.lines.group(line)[0]
        for name in {"published", *({group} & {UNMAPPED, INTERCOMPANY})}:
            total[name][place] += line["net_amount_base"]
    unreadable: dict[Place, int] = defaultdict(int)
    for line in facts.set_aside:
        place = (line["company_code"], f"{line['posting_date']:%Y-%m}", line["gl_account"])
        if isinstance(line["net_amount_base"], Decimal):
            total["quarantined"][place] += line["net_amount_base"]
        else:
            unreadable[place] += 1
    for row in facts.get("ledger_balance"):
        if row["period"] <= f"{as_of:%Y-%m}":
            place = (row["company_code"], row["period"], row["gl_account"])
            total["ledger"][place] += row["amount_base"]
    places = {place for found_in in total.values() for place in found_in} | set(unreadable)
    return {place: _row(facts, as_of, total, unreadable, place) for place in places}


def _row(
    facts: Facts,
    as_of: date,
    total: dict[str, dict[Place, Decimal]],
    unreadable: dict[Place, int],
    place: Place,
) -> dict[str, Any]:
    amount = {
        name: total[name].get(place, Decimal("0.00"))
        for name in ("ledger", "published", "quarantined", UNMAPPED, INTERCOMPANY)
    }
    is_covered = any((code, period) == place[:2] for code, period, _ in total["ledger"])
    closes = facts.by_key("period_close", "company_code", "period")
    is_closed = place[:2] in closes and closes[place[:2]]["closed_date"] <= as_of
    read = amount["published"] + amount["quarantined"]
    difference = amount["ledger"] - read if is_covered else None
    if not is_closed:
        status = "OPEN_PERIOD"
    elif difference is None:
        status = "LEDGER_MISSING"
    elif difference:
        status = "DIFF"
    else:
        status = "QUARANTINED" if amount["quarantined"] or unreadable[place] else "OK"
    return {
        "ledger_base": amount["ledger"] if is_covered else None,
        "subledger_base": read,
        "published_base": amount["published"],
        "unmapped_base": amount[UNMAPPED],
        "intercompany_base": amount[INTERCOMPANY],
        "quarantined_base": amount["quarantined"],
        "n_quarantined_unreadable": unreadable[place],
        "unexplained_base": Decimal("0.00"),
        "difference_base": difference,
        "is_closed": is_closed,
        "status": status,
    }
