"""What the clients of a year ago buy now, at constant rates."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.facts import Facts
from tests.oracle.indices import ZERO, Known, Values, plus
from tests.oracle.money import month_end, month_of, months_before
from tests.oracle.pnl import Books
from tests.oracle.tree import PSEUDO


def year_before(day: date) -> date:
    """The same day a year before, 29 February to 28."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def cohorts(found: Books, as_of: date, facts: Facts) -> dict[str, dict[str, Any]]:
    """Scope: the cohort of the clients that belonged to it when the prior window ended."""
    start, prior_start = months_before(as_of, 11), months_before(as_of, 23)
    prior_end = start - timedelta(days=1) if as_of == month_end(as_of) else year_before(as_of)
    current, prior = _revenue(found, start, as_of), _revenue(found, prior_start, prior_end)
    first = min(month_of(line["posting_date"]) for line in found.lines.all)
    members = _members(found, facts, prior_end)
    return {
        scope: _cohort([(prior.get(g, ZERO), current.get(g, ZERO)) for g in groups])
        | ({} if prior_start >= first else dict.fromkeys(RATIOS))
        for scope, groups in members.items()
    }


AMOUNTS = ("base_cc", "expansion_cc", "contraction_cc", "lost_cc", "n_base")
RATIOS = ("net_revenue_retention", "gross_revenue_retention", "logo_retention")


def _revenue(found: Books, start: date, end: date) -> Values:
    lines, total = found.lines, Values()
    for line in lines.all:
        if start <= line["posting_date"] <= end:
            group = lines.group(line)[0]
            total[group] = plus(total.get(group, ZERO), lines.cc(line))
    for cost, posted, fixed in found.served.customer_costs():
        if posted.column == "trade_spend_costs" and start <= cost["posting_date"] <= end:
            spent = None if fixed is None else -fixed
            total[posted.group] = plus(total.get(posted.group, ZERO), spent)
    return total


def _members(found: Books, facts: Facts, day: date) -> dict[str, list[str]]:
    clients = sorted(set(found.lines.tree.today.values()) - set(PSEUDO))
    members: dict[str, list[str]] = {"company": clients, "key": []}
    for account in facts.get("account"):
        name, group = account["account_id"], found.lines.tree.account_group(account["account_id"])
        if is_key(facts, account, day):
            members["key"].append(group)
        for row in facts.get("account_team"):
            if row["account_id"] == name and row["valid_from"] <= day <= (row["valid_to"] or day):
                members.setdefault(f"manager:erp:{row['person_id']}", []).append(group)
    return members


def is_key(facts: Facts, account: dict[str, Any], day: date) -> bool:
    """Whether an account is in the programme on a day: by decision, else by its dates."""
    decided = [
        row
        for row in facts.get("programme_decision")
        if row["account_id"] == account["account_id"] and row["decided_date"] <= day
    ]
    if decided:
        return bool(max(decided, key=lambda row: row["decided_date"])["is_key_account"])
    start, end = account["key_account_from"], account["key_account_to"]
    return bool(start or end) and (start or day) <= day <= (end or day)


def _cohort(members: list[tuple[Known, Known]]) -> dict[str, Any]:
    pairs = [(before, now) for before, now in members if before is not None and now is not None]
    if len(pairs) < len(members):
        return dict.fromkeys((*AMOUNTS, *RATIOS))
    base = [(before, now) for before, now in pairs if before > 0]
    had = sum((before for before, _ in base), Decimal("0.00"))
    more = sum((max(Decimal(0), now - before) for before, now in base), Decimal("0.00"))
    less = sum((before - now for before, now in base if 0 < now < before), Decimal("0.00"))
    lost = sum((before for before, now in base if now <= 0), Decimal("0.00"))
    kept = sum(now > 0 for _, now in base)
    return {
        "base_cc": had,
        "expansion_cc": more,
        "contraction_cc": less,
        "lost_cc": lost,
        "net_revenue_retention": Fraction(had + more - less - lost) / Fraction(had)
        if base
        else None,
        "gross_revenue_retention": Fraction(had - less - lost) / Fraction(had) if base else None,
        "n_base": len(base),
        "logo_retention": Fraction(kept, len(base)) if base else None,
    }
