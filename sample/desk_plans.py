"""Desk sheets of the joint work: plans and their items, promotions, policy exceptions."""

from datetime import date

import numpy as np

from sample import exceptions, people
from sample import stories as s
from sample.calendar import next_business
from sample.contacts import ECONOMIC, PROCUREMENT
from sample.desk_state import Desk, Row, contact_id, moment, person_id, when
from sample.plan import FAR, day
from sample.workbook import Cell

DEPARTMENTS = ("Vendas", "Trade Mkt", "Logística", "Financeiro", "Marketing", "Produção")
ACTIONS = (
    "Montar ilha de gôndola",
    "Rever grade de entrega",
    "Treinar promotores",
    "Integrar pedido eletrônico",
    "Campanha conjunta de inverno",
    "Rever prazo de pagamento",
    "Plano logístico de três anos",
)


def _years(desk: Desk, group: int) -> list[int]:
    last = min(desk.plan.end, desk.alive_until(group))
    return [y for y in range(desk.first_year + 1, 2027) if day(date(y, 1, 20)) <= last]


def plan_id(group: int, year: int) -> str:
    return f"PL-{group:05d}-{year}"


def account_plan(desk: Desk, today: int) -> list[Row]:
    """One plan a key account and year; half of them signed by the client's economic buyer."""
    rows: list[Row] = []
    for group in desk.keys:
        if group == s.NO_DEPTH:
            continue
        buyer = next(c for c in desk.persons_of[group] if c.role == ECONOMIC)
        for year in _years(desk, group):
            start = day(date(year, 1, 20))
            reviews = [start + 80 * n + group % 9 for n in (1, 2, 3, 4)]
            done = [r for r in reviews if r <= min(today, desk.alive_until(group))]
            signed = group % 2 == 0 and buyer.created <= start < buyer.left
            rows.append(
                (
                    start,
                    {
                        "plan_id": plan_id(group, year),
                        "account_id": desk.account_of[group],
                        "start_date": when(start),
                        "end_date": date(year, 12, 31),
                        "owner_person_id": person_id(desk.manager_on(group, start)),
                        "signed_by_contact_id": contact_id(buyer) if signed else None,
                        "reviewed_date": when(done[-1]) if done else None,
                    },
                )
            )
    return rows


def plan_item(desk: Desk, today: int) -> list[Row]:
    """Two goals and four to six actions a plan; the failing account's wait for Logistics."""
    rng = desk.plan.rng("plan items")
    rows: list[Row] = []
    for group in desk.keys:
        for year in _years(desk, group) if group != s.NO_DEPTH else []:
            start = day(date(year, 1, 20))
            owner, client = desk.manager_on(group, start), _client_owner(desk, group, start)
            for n in range(int(rng.integers(6, 9))):
                luck = rng.random(3)
                item = (
                    _goal(desk, group, year, n, today)
                    if n < 2
                    else _action(group, start, n, today, luck, rng)
                )
                item |= {
                    "plan_item_id": plan_item_id(group, year, n + 1),
                    "plan_id": plan_id(group, year),
                    "created_date": when(start),
                    "owner_person_id": person_id(owner),
                    "owner_contact_id": client if n % 4 == 3 else None,
                }
                rows.append((start, item))
    return rows


def plan_item_id(group: int, year: int, number: int) -> str:
    return f"PI-{group:05d}-{year}-{number:02d}"


def has_plan(desk: Desk, group: int, year: int) -> bool:
    return group != s.NO_DEPTH and year in _years(desk, group)


def _client_owner(desk: Desk, group: int, start: int) -> str | None:
    """The client's buyer of the day, who owns some actions where the plan is a joint one."""
    found = (c for c in desk.persons_of[group] if c.role == PROCUREMENT)
    buyer = next((c for c in found if c.created <= start < c.left), None)
    return contact_id(buyer) if buyer and group % 2 == 0 else None


def _goal(desk: Desk, group: int, year: int, n: int, today: int) -> dict[str, Cell]:
    due, start = day(date(year, 12, 20)), day(date(year, 1, 20))
    target = round(desk.spent(group, year) * (1.08 - group % 5 * 0.03))
    seen = min(today - 2, due)
    share = max(0.0, (seen - start) / (due - start))
    actual = round(desk.spent(group, year) * share)
    closed = due + 10
    return {
        "item_type": "value_goal" if n else "volume_goal",
        "description": f"Meta {year}",
        "department": "Vendas",
        "is_joint": n == 1 and group % 2 == 0,
        "original_due_date": when(due),
        "due_date": when(due),
        "closed_date": when(closed) if closed <= today else None,
        "target_value": target if n else target // 40,
        "actual_value": actual if n else actual // 40,
        "actual_as_of_date": when(seen),
        "status": "done" if closed <= today else "open",
        "due_date_moves": 0,
    }


def _action(
    group: int, start: int, n: int, today: int, luck: np.ndarray, rng: np.random.Generator
) -> dict[str, Cell]:
    failing = group == s.LOST_KEY and s.FAILURE[0] - 60 <= start <= s.FAILURE[1]
    is_long = n == 2 and group % 3 == 0
    due = int(next_business(start + (430 if is_long else int(rng.integers(40, 330)))))
    is_late = luck[0] < (0.8 if failing else 0.22)
    closed = due + int(rng.integers(5, 60)) if is_late else due - int(rng.integers(0, 25))
    closed = FAR if failing and luck[1] < 0.7 else closed
    dropped = due + 10 if luck[2] < 0.04 else FAR
    moved = is_late and luck[1] < 0.5
    department = DEPARTMENTS[2] if failing else DEPARTMENTS[n % 6]
    blocker = "CLIENT" if luck[1] < 0.3 else DEPARTMENTS[int(luck[1] * 100) % 6]
    blocker = "Logística" if failing else blocker
    is_done, is_dropped = closed <= today and dropped > today, dropped <= today
    visible_late = is_late and due < today
    return {
        "item_type": "action",
        "description": ACTIONS[6 if is_long else n % 6],
        "department": department,
        "is_joint": luck[0] > 0.55,
        "original_due_date": when(due),
        "due_date": when(due + 30 if moved and visible_late else due),
        "closed_date": when(closed) if is_done else None,
        "dropped_date": when(dropped) if is_dropped else None,
        "status": "dropped" if is_dropped else "done" if is_done else "open",
        "blocked_by": blocker if visible_late and luck[2] > 0.15 else None,
        "due_date_moves": int(moved and visible_late),
    }


def promotion(desk: Desk, today: int) -> list[Row]:
    """Promotions from two months before they begin."""
    people_of = desk.base.customers
    return [
        (
            p.planned - 60,
            {
                "promotion_id": f"PM-{p.number:04d}",
                "customer_id": f"erp_main:{people_of[p.party].native_id}",
                "promotion_name": f"Oferta {p.number}",
                "planned_start_date": when(p.planned),
                "actual_start_date": when(p.started) if p.started <= today else None,
                "planned_end_date": when(p.ends),
                "owner_department": "Trade Mkt",
            },
        )
        for p in desk.promotions
    ]


def policy_exception(desk: Desk, today: int) -> list[Row]:
    """Requests outside policy as they stand on a night."""
    return [(r.asked, _request(desk, r, today)) for r in exceptions.build(desk)]


def _request(desk: Desk, r: exceptions.Request, today: int) -> dict[str, Cell]:
    is_open = r.decided > today
    return {
        "exception_id": r.native_id,
        "customer_id": desk.customer(r.group),
        "requested_at": moment(r.asked, r.asked_minute),
        "requested_by_person_id": person_id(desk.manager_on(r.group, r.asked)),
        "policy_area": exceptions.AREAS[r.area],
        "approving_department": exceptions.APPROVERS[r.area],
        "decided_at": None if is_open else moment(r.decided, r.decided_minute),
        "decision": "pending" if is_open else r.verdict,
        "valid_until": when(r.valid_until),
        "standard_value": exceptions.STANDARD_PRICE if r.is_price else None,
        "granted_value": exceptions.GRANTED_PRICE if r.is_price else None,
        "quantity": r.quantity if r.is_price else None,
        "cost_base": None if r.cost < 0 else r.cost,
        "reopened_count": r.reopened,
    }


def team_rows(desk: Desk, today: int) -> list[Row]:
    """Successors of the leaver, though not for its first account, and sponsors of the largest."""
    rows: list[Row] = []
    start = s.LEAVER_HANDOVER - 30
    for group in desk.keys:
        leaving = desk.manager_on(group, today) == people.LEAVER_POSITION
        if leaving and group != s.LEAVER:
            rows.append(
                (start, _team(desk, group, people.LEAVER_POSITION + 2, start, "is_successor"))
            )
        if group == s.SURVIVOR:
            heir = people.FIRST_MANAGER + 4
            rows.append((start, _team(desk, group, heir, start, "is_successor")))
        if group % 5 == 0:
            first = desk.plan.start + 200
            rows.append((first, _team(desk, group, people.DIRECTOR, first, "is_executive_sponsor")))
    return rows


def _team(desk: Desk, group: int, who: int, start: int, mark: str) -> dict[str, Cell]:
    role = "executive_sponsor" if mark == "is_executive_sponsor" else "other"
    return {
        "account_id": desk.account_of[group],
        "person_id": person_id(who),
        "role": role,
        "valid_from": when(start),
        mark: True,
    }
