"""Desk sheets of the market: wallets, sell-out, notes, events, references, surveys."""

from datetime import date

from sample import desk_plans
from sample import stories as s
from sample.calendar import month_index, month_start, month_text
from sample.contacts import USER
from sample.crm_text import full
from sample.desk_state import Desk, Row, contact_id, person_id, when
from sample.names import CITIES
from sample.plan import day
from sample.products import CATEGORIES, CODES

SOURCES = ("client_told", "sell_out", "market_share", "model")
THEMES = ("ownership", "strategy", "competitor", "regulation", "people", "financial", "market")
EVENTS = ("listing", "joint_campaign", "case_study", "win", "co_branded_piece", "award")


def _measured(desk: Desk) -> list[int]:
    """Groups with a wallet: key accounts, the promotable one and every fourth other."""
    rest = range(s.FIRST_FREE_KEY + desk.plan.n_key - 6, desk.plan.groups, 4)
    few = [s.PROMOTABLE, s.SHRINKING, s.ABSORBED, s.MERGED_ACCOUNTS, s.TAX_ID_ONLY]
    return [g for g in [*desk.keys, *few, *rest] if g in desk.account_of]


def wallet_estimate(desk: Desk, today: int) -> list[Row]:
    """One estimate a year, each November, from the same source year after year."""
    rng = desk.plan.rng("wallets")
    rows: list[Row] = []
    for group in _measured(desk):
        share = float(rng.uniform(0.2, 0.65)) if group != s.PROMOTABLE else 0.08
        trend = float(rng.normal(0, 0.025)) if group != s.LARGEST else 0.01
        rank, suppliers = int(rng.integers(1, 4)), int(rng.integers(3, 7))
        source = SOURCES[group % 4] if group > s.NO_DEPTH else "client_told"
        scopes = CATEGORIES[:3] if group % 7 == 3 and group > 5 else ("ALL",)
        first = max(desk.first_year, int(month_index(desk.base.groups.created[group])) // 12 + 1970)
        for year in range(first, 2026):
            at = day(date(year, 11, 3 + group % 20))
            now = min(0.9, max(0.05, share + trend * (year - 2021)))
            amount = round(desk.spent(group, year) / now / len(scopes), -2)
            if desk.spent(group, year) <= 0:
                continue
            dollars = group in s.DOLLARS
            rows += [
                (
                    at,
                    {
                        "account_id": desk.account_of[group],
                        "category": scope,
                        "estimated_date": when(at),
                        "amount": round(amount / 5) if dollars else amount,
                        "currency": "USD" if dollars else "BRL",
                        "wallet_source": source,
                        "supplier_rank": rank,
                        "supplier_count": suppliers,
                    },
                )
                for scope in scopes
            ]
    for i, account in enumerate(a for a in desk.crm.accounts if a.group < 0 and not a.is_deleted):
        at = max(account.created + 20, day(date(2025, 11, 10)))
        rows.append(
            (
                at,
                {
                    "account_id": full("001", account.number),
                    "category": "ALL",
                    "estimated_date": when(at),
                    "amount": 400_000 + 350_000 * (i % 5),
                    "currency": "BRL",
                    "wallet_source": "market_share",
                    "supplier_rank": None,
                    "supplier_count": 3,
                },
            )
        )
    return rows


def sell_out(desk: Desk, today: int) -> list[Row]:
    """Every third key account reports products and categories monthly since three years."""
    rng = desk.plan.rng("sell-out")
    rows: list[Row] = []
    last = int(month_index(desk.plan.end)) - 1
    for group in [g for g in desk.keys if g % 3 == 0]:
        ours, market = float(rng.normal(0.05, 0.05)), float(rng.normal(0.03, 0.03))
        base = desk.spent(group, 2023) / 12 * 1.3 / 3 + 1_000
        for month in range(last - 35, last + 1):
            known = int(month_start(month + 1)) + 9
            years = (month - last + 35) / 12
            account, period = desk.account_of[group], month_text(month)
            for n in range(3):
                value = round(base * (1 + ours) ** years * float(rng.uniform(0.93, 1.07)), 2)
                rows.append(
                    (
                        known,
                        {
                            "account_id": account,
                            "period": period,
                            "product_id": f"erp_main:{CODES[(group * 3 + n * 9) % 40]}",
                            "quantity": round(value / 55),
                            "value_base": value,
                            "client_margin_base": round(value * (0.24 + 0.01 * ours * years), 2),
                        },
                    )
                )
            for n in range(2):
                whole = base * 6 * (1 + market) ** years * float(rng.uniform(0.97, 1.03))
                rows.append(
                    (
                        known,
                        {
                            "account_id": account,
                            "period": period,
                            "category": CATEGORIES[(group + n) % 5],
                            "quantity": round(base * 1.2 / 55),
                            "value_base": round(base * 1.2, 2),
                            "category_value_base": round(whole, 2),
                        },
                    )
                )
    return rows


def environment_note(desk: Desk, today: int) -> list[Row]:
    """What happens around key accounts; a competitor enters where the service failed."""
    rng = desk.plan.rng("notes of the environment")
    rows: list[Row] = []
    for group in desk.keys:
        days = sorted(
            int(d)
            for d in rng.integers(
                desk.plan.start, desk.plan.end, rng.poisson(2.2 * desk.plan.years)
            )
        )
        planted = [s.FAILURE[0] + 60, s.FAILURE[1]] if group == s.LOST_KEY else []
        for noted in [*[d for d in days if d <= desk.alive_until(group) + 30], *planted]:
            theme = "competitor" if noted in planted else THEMES[int(rng.integers(0, len(THEMES)))]
            threat = (
                "threat"
                if noted in planted
                else str(rng.choice(["opportunity", "threat", "neutral"]))
            )
            number = len(rows) + 1
            rows.append(
                (
                    noted,
                    {
                        "note_id": f"EN-{number:05d}",
                        "account_id": desk.account_of[group],
                        "noted_date": when(noted),
                        "event_date": when(noted - int(rng.integers(0, 30))),
                        "theme": theme,
                        "direction": threat,
                        "author_person_id": person_id(desk.manager_on(group, noted)),
                        "summary": f"Observação {number} sobre o ambiente do cliente",
                        "source_url": "https://noticias.example/materia"
                        if number % 3 == 0
                        else None,
                        "linked_plan_item_id": _raised_item(desk, group, noted, number),
                    },
                )
            )
    return rows


def _raised_item(desk: Desk, group: int, noted: int, number: int) -> str | None:
    """Every fourth note led to the fourth item of that year's plan."""
    year = int(month_index(noted)) // 12 + 1970
    begun = noted >= day(date(year, 1, 20)) and desk_plans.has_plan(desk, group, year)
    return desk_plans.plan_item_id(group, year, 4) if begun and number % 4 == 0 else None


def account_event(desk: Desk, today: int) -> list[Row]:
    """Listings, campaigns, cases and awards; the loss of the failed account."""
    rng = desk.plan.rng("account events")
    rows: list[Row] = []
    for group in desk.keys:
        yearly = 3.0 if group % 2 == 0 else 1.2
        last = min(desk.plan.end, desk.alive_until(group))
        days = sorted(
            int(d)
            for d in rng.integers(
                desk.plan.start, last, rng.poisson(yearly * (last - desk.plan.start) / 365)
            )
        )
        found = [
            (d, EVENTS[int(rng.choice(6, p=[0.25, 0.4, 0.08, 0.12, 0.1, 0.05]))]) for d in days
        ]
        if group == s.LOST_KEY:
            found.append((s.LAST_ORDER_OF_LOST + 20, "loss"))
        for at, kind in found:
            number = len(rows) + 1
            rows.append(
                (
                    at,
                    {
                        "event_id": f"EV-{number:05d}",
                        "account_id": desk.account_of[group],
                        "event_date": when(at),
                        "event_type": kind,
                        "region": CITIES[int(desk.base.groups.city[group])][2],
                        "category": CATEGORIES[number % 5] if number % 4 else None,
                        "description": f"Evento {number}",
                    },
                )
            )
    return rows


def opportunity(desk: Desk, today: int) -> list[Row]:
    """References only: which key account's word helped, and how much of the win it owns."""
    return [
        (
            o.created,
            {
                "opportunity_id": full("006", o.number),
                "reference_account_id": full("001", o.reference),
                "reference_influence": 0.2 + o.number % 7 / 10,
            },
        )
        for o in desk.crm.opportunities
        if o.reference
    ]


def survey_response(desk: Desk, today: int) -> list[Row]:
    """Two rounds a year among key accounts, one among some others."""
    rng = desk.plan.rng("surveys")
    rows: list[Row] = []
    others = [g for g in desk.account_of if g not in set(desk.keys) and g % 7 == 0]
    rounds = list(range(desk.plan.start + 60, desk.plan.end, 183))
    for group in [*desk.keys, *others]:
        for n, at in enumerate(rounds):
            if (group not in desk.keys and n % 2) or at > desk.alive_until(group):
                continue
            failing = group == s.LOST_KEY and s.FAILURE[0] <= at <= s.FAILURE[1] + 90
            level = 3 if failing else 9 if group == s.LARGEST else 7 + group % 2
            for person in desk.persons_of.get(group, []):
                if person.created > at or person.left < at or rng.random() > 0.6:
                    continue
                answered = at + int(rng.integers(0, 12))
                score = min(10, max(0, level + int(rng.integers(-2, 3)) - (person.role == USER)))
                rows.append(
                    (
                        answered,
                        {
                            "response_id": f"SV-{len(rows) + 1:05d}",
                            "account_id": desk.account_of[group],
                            "contact_id": contact_id(person),
                            "responded_date": when(answered),
                            "nps": score,
                            "csat": max(1, min(5, score // 2)),
                        },
                    )
                )
    return rows
