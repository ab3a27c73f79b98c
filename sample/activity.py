"""Calls, visits, meetings and reviews with the clients, as they happened and were logged."""

from dataclasses import dataclass

import numpy as np

from sample import people, team
from sample import stories as s
from sample.calendar import next_business
from sample.company import Base
from sample.contacts import Contact
from sample.crm_accounts import Account
from sample.crm_text import local
from sample.plan import FAR, Plan

TASK_TYPES = ("Call", "Email", "WhatsApp", "Ligação", "Other")
EVENT_TYPES = ("Visit", "Meeting", "Executive Review", "Plan Review", "Feira")
N_TASK_TYPES = len(TASK_TYPES)
VISIT, MEETING, EXECUTIVE, PLAN_REVIEW, FAIR = range(N_TASK_TYPES, N_TASK_TYPES + 5)
CLASSES = ("Commercial", "Technical", "Service", "Environment", "Personal", "")


@dataclass(frozen=True)
class Activities:
    """One position per activity; seconds are UTC, `known` the day of the extract."""

    kind: np.ndarray
    account: np.ndarray  # number of the account
    group: np.ndarray
    owner: np.ndarray
    colleague: np.ndarray  # a second one of ours, or -1
    contact: np.ndarray  # number of the contact, 0 for none
    starts: np.ndarray
    logged: np.ndarray
    known: np.ndarray
    minutes: np.ndarray
    subject_class: np.ndarray
    deleted: np.ndarray  # day of deletion


def _volume(account: Account, plan: Plan) -> float:
    """Activities a month."""
    if account.group < 0:
        return 0.5
    if account.is_key:
        return 2.0 if account.group == s.NO_DEPTH else 6.0 if account.group % 5 else 3.5
    return 0.45


def draw(base: Base, accounts: list[Account], contacts: list[Contact], plan: Plan) -> Activities:
    """Activities of every account from its creation on, some planned beyond the last night."""
    rng = plan.rng("activities")
    rows: list[tuple] = []
    people_of: dict[int, list[Contact]] = {}
    for c in contacts:
        if not c.master:
            people_of.setdefault(c.account, []).append(c)
    for a in accounts:
        if a.number not in people_of:
            continue
        begin = max(plan.start, a.created)
        end = plan.end + 20
        alive = base.process.alive_until[a.group] if a.group >= 0 else FAR
        days = np.sort(
            rng.integers(begin, end, rng.poisson((end - begin) / 30.4 * _volume(a, plan)))
        )
        fade = (days > alive - 150) & (rng.random(len(days)) < 0.75)
        days = days[~(fade | (days > alive + 90))]
        rows += _of_account(a, days, people_of[a.number], plan, rng)
    columns = [np.array(c) for c in zip(*rows, strict=True)]
    return _timed(columns, plan, rng)


def _of_account(
    a: Account, days: np.ndarray, persons: list[Contact], plan: Plan, rng: np.random.Generator
) -> list[tuple]:
    n = len(days)
    mix = (
        [0.2, 0.16, 0.06, 0.04, 0.04, 0.24, 0.18, 0.03, 0.03, 0.02]
        if a.is_key
        else [0.3, 0.25, 0.1, 0.05, 0.05, 0.15, 0.09, 0.0, 0.0, 0.01]
    )
    kind = rng.choice(10, n, p=mix)
    day = next_business(days)
    specialists = team.specialists(a.group) if a.is_key else []
    spans = team.managers(a.group, plan) or [(a.owner, 0, FAR)]
    who = rng.integers(0, len(persons), n)
    draw = rng.random((n, 2))
    out = []
    for i in range(n):
        owner = next((p for p, b, e in reversed(spans) if b <= day[i] <= e), a.owner)
        if specialists and draw[i, 0] < 0.3:
            owner = specialists[int(draw[i, 0] * 1_000) % len(specialists)]
        mate = -1
        if kind[i] == EXECUTIVE:
            mate = team.SPONSORS[a.group % 3] if a.group >= 0 else people.DIRECTOR
        elif specialists and kind[i] >= N_TASK_TYPES and draw[i, 1] < 0.4:
            mate = specialists[int(draw[i, 1] * 1_000) % len(specialists)]
        c = persons[who[i]]
        contact = c.number if c.created <= day[i] <= min(c.left, FAR) else 0
        out.append(
            (kind[i], a.number, a.group, owner, mate if mate != owner else -1, contact, day[i])
        )
    return out


def _timed(columns: list[np.ndarray], plan: Plan, rng: np.random.Generator) -> Activities:
    kind, account, group, owner, mate, contact, day = columns
    n = len(kind)
    minute = rng.integers(8 * 60, 17 * 60, n) // 5 * 5
    is_event = kind >= N_TASK_TYPES
    minute = np.where(is_event & (rng.random(n) < 0.01), 22 * 60 + 30, minute)  # next day in UTC
    starts = local(day, minute)
    delay = np.where(rng.random(n) < 0.7, 0, rng.integers(1, 6, n))
    early = is_event & (rng.random(n) < 0.3)
    logged_day = np.where(early, day - 3, day + delay)
    logged_day = np.where(day > plan.end, np.minimum(day - 9, plan.end - 1 - n % 3), logged_day)
    length = np.array([12, 5, 5, 12, 30, 60, 75, 120, 90, 180])[kind]
    keep = logged_day <= plan.end
    target = np.flatnonzero(
        is_event & (group == s.LARGEST) & (logged_day < plan.extract_days[0] - 3)
    )
    deleted = np.full(n, FAR)
    deleted[target[-1:]] = s.Nights.of(plan).correction
    order = np.flatnonzero(keep)[np.argsort(logged_day[keep], kind="stable")]
    table = Activities(
        kind=kind,
        account=account,
        group=group,
        owner=owner,
        colleague=mate,
        contact=contact,
        starts=starts,
        logged=local(logged_day, np.minimum(minute + 10, 23 * 60)),
        known=logged_day,
        minutes=length + rng.integers(0, 4, n) * 5,
        deleted=deleted,
        subject_class=rng.choice(6, n, p=[0.4, 0.15, 0.2, 0.05, 0.05, 0.15]),
    )
    return Activities(*(getattr(table, f)[order] for f in Activities.__annotations__))
