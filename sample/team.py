"""Who looks after which account, and since when."""

from dataclasses import dataclass

from sample import people
from sample import stories as s
from sample.crm_accounts import Account
from sample.plan import FAR, Plan

ROLES = ("Account Manager", "Seller", "Executive Sponsor", "Specialist")
MANAGER, SELLER, SPONSOR, SPECIALIST = range(4)
SPONSORS = (people.DIRECTOR, 35, 36)


@dataclass(frozen=True)
class Member:
    """One row of an account team; `end` is the last day on which it holds."""

    account: int
    group: int
    person: int
    role: int
    start: int
    end: int = FAR


def managers(group: int, plan: Plan) -> list[tuple[int, int, int]]:
    """Person, first and last day of every account manager of a group, in order."""
    manager = people.manager_of(group, plan)
    if manager is None:
        return []
    if manager == people.FIRST_MANAGER:
        overlap = 10 if group % 2 else 0
        last = s.EARLIER_LEAVER_LAST_DAY
        return [(people.EARLIER_LEAVER, plan.start, last), (manager, last + 1 - overlap, FAR)]
    if manager == people.LEAVER_POSITION and group != s.LEAVER and group % 14 == 13:
        return [(manager, plan.start, s.LEAVER_HANDOVER - 1), (manager + 1, s.LEAVER_HANDOVER, FAR)]
    return [(manager, plan.start, FAR)]


def specialists(group: int) -> list[int]:
    """People of other departments who serve a key account: fewer for every third."""
    if group % 3 == 2:
        return [26 + group % 3]
    return [
        26 + group % 3,
        29 + group % 3,
        23 + group % 3,
        *([21 + group % 2] if group % 2 else []),
    ]


def build(accounts: list[Account], plan: Plan) -> list[Member]:
    """Teams of key accounts, and the seller of every third other client."""
    out = []
    for a in accounts:
        if a.group < 0 or a.master or a.number % 4 != 1:
            continue
        if a.is_key:
            out += [
                Member(a.number, a.group, p, MANAGER, b, e) for p, b, e in managers(a.group, plan)
            ]
            out.append(Member(a.number, a.group, people.seller_of(a.group), SELLER, plan.start))
            out.append(Member(a.number, a.group, SPONSORS[a.group % 3], SPONSOR, plan.start + 90))
            out += [
                Member(a.number, a.group, p, SPECIALIST, plan.start + 30)
                for p in specialists(a.group)
            ]
        elif a.group % 3 == 0:
            out.append(Member(a.number, a.group, people.seller_of(a.group), SELLER, a.created))
    return out
