"""Opportunities and cases of the CRM."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.company import Base
from sample.contacts import Contact
from sample.crm_accounts import Account, main_number
from sample.crm_people import Table, user_ids
from sample.crm_text import boolean, ids, local, maybe, stamps
from sample.plan import FAR, Plan
from sample.text import integer, iso_date, words

STAGES = ("Prospecting", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
DEPARTMENTS = ("Logística", "Financeiro", "Produção", "Trade Marketing")
REASONS = ("Entrega atrasada", "Nota fiscal errada", "Produto avariado", "Promoção não montada")
SENT_ON = (0.55, 0.2, 0.15, 0.1)


@dataclass(frozen=True)
class Opportunity:
    """One opportunity; `reference` is the account number that recommended us, 0 for none."""

    number: int
    account: int
    group: int
    owner: int
    created: int
    closes: int
    is_won: bool
    amount: int
    reference: int


@dataclass(frozen=True)
class Case:
    """One complaint; days and minutes local."""

    number: int
    account: int
    contact: int
    owner: int
    department: int
    opened: int
    opened_minute: int
    answered_minutes: int
    closed: int
    priority: int
    reopened: int
    is_client_fault: bool


def build_opportunities(base: Base, accounts: list[Account], plan: Plan) -> list[Opportunity]:
    """A few a year; clients who joined were won, some on the word of a key account."""
    rng = plan.rng("opportunities")
    out: list[Opportunity] = []

    def add(a: Account, created: int, closes: int, is_won: bool, reference: int = 0) -> None:
        amount = int(rng.integers(20, 900)) * 1_000
        out.append(
            Opportunity(
                len(out) + 1, a.number, a.group, a.owner, created, closes, is_won, amount, reference
            )
        )

    for a in accounts:
        if a.is_deleted or (a.group >= 0 and a.number != main_number(a.group)):
            continue
        if a.group < 0:
            add(a, a.created + 10, plan.end + 30 + a.number % 90, False)
            continue
        joined = base.groups.created[a.group]
        if joined > plan.start + 100:
            reference = main_number(int(rng.integers(0, 6))) if a.group % 4 == 1 else 0
            add(a, int(joined) - 60, int(joined), True, reference)
        yearly = 1.5 if a.is_key else 0.12
        for day in rng.integers(
            max(plan.start, a.created), plan.end, rng.poisson(yearly * plan.years)
        ):
            closes = int(day) + int(rng.integers(20, 150))
            add(a, int(day), closes, bool(rng.random() < 0.45))
    return out


def opportunity_table(rows: list[Opportunity], today: int) -> Table:
    """Opportunity as on a night: open until its closing day has come."""
    rows = [o for o in rows if o.created <= today]
    closed = np.array([o.closes <= today for o in rows])
    won = np.array([o.is_won for o in rows]) & closed
    number = np.array([o.number for o in rows])
    stage = np.where(closed, np.where(won, 3, 4), number % 3)
    created = stamps(local(np.array([o.created for o in rows]), 600))
    return {
        "Id": ids("006", number),
        "IsDeleted": boolean(np.zeros(len(rows))),
        "AccountId": ids("001", np.array([o.account for o in rows])),
        "Name": words([f"Oportunidade {o.number}, linha {o.number % 5 + 1}" for o in rows]),
        "StageName": words(STAGES, stage),
        "Amount": words([f"{o.amount}.00" for o in rows]),
        "CloseDate": iso_date(np.array([o.closes for o in rows])),
        "CreatedDate": created,
        "IsClosed": boolean(closed),
        "IsWon": boolean(won),
        "OwnerId": user_ids(np.array([o.owner for o in rows])),
        "SystemModstamp": created,
        "CurrencyIsoCode": words(["BRL"] * len(rows)),
    }


def build_cases(
    base: Base, accounts: list[Account], contacts: list[Contact], plan: Plan
) -> list[Case]:
    """Complaints: few a year, three a month where the service failed."""
    rng = plan.rng("cases")
    first = {}
    for c in reversed(contacts):
        first[c.account] = c
    out: list[Case] = []
    for a in accounts:
        if a.group < 0 or a.number != main_number(a.group) or a.number not in first:
            continue
        begin, end = (
            max(plan.start, a.created),
            min(plan.end, int(base.process.alive_until[a.group])),
        )
        yearly = 3.0 if a.is_key else 0.35
        days = list(
            rng.integers(
                begin, max(end, begin + 1), rng.poisson(yearly * max(end - begin, 0) / 365)
            )
        )
        if a.group == s.LOST_KEY:
            days += list(rng.integers(s.FAILURE[0], s.FAILURE[1] + 30, 16))
        for opened in sorted(int(d) for d in days):
            work = int(rng.integers(0, 6 if a.group != s.LOST_KEY else 25))
            person = first[a.number]
            out.append(
                Case(
                    number=len(out) + 1,
                    account=a.number,
                    contact=person.number,
                    owner=a.owner,
                    department=int(rng.choice(4, p=SENT_ON)),
                    opened=opened,
                    opened_minute=int(rng.integers(480, 1_020)),
                    answered_minutes=int(rng.integers(10, 300)),
                    closed=opened + work,
                    priority=int(rng.integers(0, 3)),
                    reopened=int(rng.random() < 0.1),
                    is_client_fault=bool(rng.random() < 0.12),
                )
            )
    return out


def case_table(cases: list[Case], today: int) -> Table:
    """Case as on a night."""
    rows = [c for c in cases if c.opened <= today]
    n = len(rows)
    number = np.array([c.number for c in rows])
    opened = local(np.array([c.opened for c in rows]), np.array([c.opened_minute for c in rows]))
    closed_day = np.array([c.closed for c in rows])
    is_closed = closed_day <= today
    answer = opened + np.array([c.answered_minutes for c in rows]) * 60
    closed = np.maximum(local(np.minimum(closed_day, FAR), np.full(n, 1_030)), answer)
    department = np.array([c.department for c in rows])
    return {
        "Id": ids("500", number),
        "IsDeleted": boolean(np.zeros(n)),
        "CaseNumber": words([f"{c.number:08d}" for c in rows]),
        "AccountId": ids("001", np.array([c.account for c in rows])),
        "ContactId": ids("003", np.array([c.contact for c in rows])),
        "Subject": words(REASONS, department),
        "Status": words(["Working", "Closed"], is_closed.astype(int)),
        "Priority": words(["Low", "Medium", "High"], np.array([c.priority for c in rows])),
        "Origin": words(["Phone", "Email"], number % 2),
        "Type": words(REASONS, department),
        "Reason": words(REASONS, department),
        "IsClosed": boolean(is_closed),
        "CreatedDate": stamps(opened),
        "ClosedDate": maybe(stamps(closed), is_closed),
        "OwnerId": user_ids(np.array([c.owner for c in rows])),
        "SystemModstamp": stamps(opened),
        "First_Response__c": maybe(
            stamps(answer), answer < local(np.array([today + 1]), np.zeros(1))[0]
        ),
        "Department__c": words(DEPARTMENTS, department),
        "Reopened_Count__c": integer(np.array([c.reopened for c in rows])),
        "Is_Client_Fault__c": boolean(np.array([c.is_client_fault for c in rows])),
    }
