"""Desk sheets of judgement: assessments, profiles, overrides, views, competences, decisions."""

from datetime import date

import numpy as np

from sample import people
from sample import stories as s
from sample.crm_activity import activity_id
from sample.crm_text import local_day
from sample.desk_market import environment_note
from sample.desk_state import Desk, Row, contact_id, moment, person_id, when
from sample.plan import day
from sample.workbook import Cell

ITEMS = (
    "IMPACT_RESULT",
    "IMPACT_REPLACEMENT",
    "NEGOTIATION_AIM",
    "NEGOTIATION_OPENNESS",
    "APPETITE_DEPTH",
    "APPETITE_ACCESS",
    "STRATEGIC_FIT",
    "STRATEGIC_IMAGE",
    "DIFFICULTY_SERVICE",
)
COMPETENCES = (
    "long_term_view",
    "joint_planning",
    "cross_functional_work",
    "client_environment",
    "joint_results",
    "selling",
)
STYLES = ("analytical", "driver", "expressive", "amiable", "unknown")
CONSENT = ("consent", "legitimate_interest", "contract", "none")


def _levels(group: int, rng: np.random.Generator) -> np.ndarray:
    """The true level of each item: the planted ones first, else by chance."""
    level = rng.integers(2, 6, len(ITEMS))
    if group in s.PARTNERS:
        level[:8] = 5
    if group == s.PROMOTABLE:
        level[:6] = 4
    if group == s.NO_DEPTH:
        level[2:6] = 1
    return level


def assessment(desk: Desk, today: int) -> list[Row]:
    """The manager every year and a colleague every second one; often with evidence."""
    rng = desk.plan.rng("assessments")
    a = desk.crm.activities
    day_of = local_day(a.starts)
    by_account = np.argsort(a.account, kind="stable")
    sorted_accounts = a.account[by_account]
    notes = _notes_by_account(desk, today)
    rows: list[Row] = []
    others = [g for g in desk.account_of if g not in set(desk.keys) and g % 9 == 3]
    for group in [*desk.keys, s.PROMOTABLE, *others]:
        level = _levels(group, rng)
        lo, hi = np.searchsorted(
            sorted_accounts, [desk.number_of[group], desk.number_of[group] + 1]
        )
        own = by_account[lo:hi]
        first = max(desk.first_year, 2021)
        for year in range(first, 2027):
            at = day(date(year, 3 if year == 2026 else 10, 2 + group % 20))
            if at > desk.plan.end or at > desk.alive_until(group) or at < desk.plan.start + 60:
                continue
            earlier = own[(day_of[own] <= at - 1) & (day_of[own] > at - 200)]
            seen = [
                n for noted, n in notes.get(desk.account_of[group], []) if at - 400 < noted < at
            ]
            pairs = [(desk.manager_on(group, at), 0)]
            if group in desk.keys and year % 2 == 0:
                pairs.append((people.seller_of(group), 1))
            for who, apart in pairs:
                for item, name in enumerate(ITEMS):
                    noise = int(rng.choice([0, 0, 0, 0, -1, 1]))
                    score = int(
                        np.clip(
                            level[item]
                            + (noise if group > s.PROMOTABLE else 0)
                            - (apart and item == 3),
                            1,
                            5,
                        )
                    )
                    proof = len(earlier) and rng.random() < 0.5
                    rows.append(
                        (
                            at,
                            {
                                "account_id": desk.account_of[group],
                                "item_id": name,
                                "assessor_person_id": person_id(who),
                                "assessed_date": when(at),
                                "score_1_5": score,
                                "evidence_activity_id": activity_id(
                                    a, int(earlier[item % len(earlier)])
                                )
                                if proof
                                else None,
                                "evidence_note_id": seen[-1]
                                if seen and not proof and item % 3 == 0
                                else None,
                            },
                        )
                    )
    return rows


def _notes_by_account(desk: Desk, today: int) -> dict[Cell, list[tuple[int, Cell]]]:
    found: dict[Cell, list[tuple[int, Cell]]] = {}
    for noted, row in sorted(
        environment_note(desk, today), key=lambda r: (r[0], str(r[1]["note_id"]))
    ):
        found.setdefault(row["account_id"], []).append((noted, row["note_id"]))
    return found


def contact(desk: Desk, today: int) -> list[Row]:
    """Profiles of people of key accounts; personal text only stands with consent."""
    rows: list[Row] = []
    for group in desk.keys:
        for person in desk.persons_of[group]:
            n = person.number
            if n % 4 == 3:
                continue
            at = max(person.created + 30, desk.plan.end - 20 - n * 13 % 600)
            rows.append(
                (
                    at,
                    {
                        "contact_id": contact_id(person),
                        "work_style_code": STYLES[n % 5],
                        "consent_basis": CONSENT[n % 4 if n % 3 else 0],
                        "technical_profile": "Decide por laudo e prazo de validade"
                        if n % 2
                        else None,
                        "personal_profile": "Prefere ligações pela manhã" if n % 5 == 0 else None,
                        "behavioural_profile": "Pediu três propostas em maio"
                        if n % 7 == 0
                        else None,
                        "profile_reviewed_date": when(at),
                        "updated_at": moment(at, 900),
                        "updated_by_person_id": person_id(desk.manager_on(group, at)),
                    },
                )
            )
    return rows


def segment_override(desk: Desk, today: int) -> list[Row]:
    """Three decisions against the rule, one of them over."""
    return [
        (
            day(at),
            {
                "account_id": desk.account_of[group],
                "decided_date": at,
                "service_profile": profile,
                "reason": "Decisão do comitê",
                "decided_by_person_id": person_id(people.DIRECTOR),
                "valid_until": until,
            },
        )
        for group, profile, at, until in s.OVERRIDES
    ]


def manager_view(desk: Desk, today: int) -> list[Row]:
    """What the manager feels each quarter: kinder than the facts."""
    rng = desk.plan.rng("views")
    rows: list[Row] = []
    for group in desk.keys:
        for at in range(
            desk.plan.start + 80 + group % 9, min(desk.plan.end, desk.alive_until(group)), 91
        ):
            rows.append(
                (
                    at,
                    {
                        "account_id": desk.account_of[group],
                        "viewed_date": when(at),
                        "view_0_100": int(np.clip(rng.normal(74, 12), 5, 100)),
                        "person_id": person_id(desk.manager_on(group, at)),
                    },
                )
            )
    return rows


def person_assessment(desk: Desk, today: int) -> list[Row]:
    """Competences of managers and sellers; the best seller is not the best manager."""
    rng = desk.plan.rng("competences")
    rows: list[Row] = []
    judged = [
        *range(people.FIRST_MANAGER, people.EARLIER_LEAVER + 1),
        *range(people.FIRST_SELLER, people.FIRST_SELLER + 6),
    ]
    for who in judged:
        is_seller = who >= people.FIRST_SELLER
        for year in range(max(desk.first_year, 2022), 2026):
            at = day(date(year, 12, 1 + who % 9))
            if who == people.EARLIER_LEAVER and at > s.EARLIER_LEAVER_LAST_DAY:
                continue
            assessors = (people.DIRECTOR, 29 + who % 3, who) if year % 2 else (people.DIRECTOR,)
            for turn, assessor in enumerate(assessors):
                for competence in COMPETENCES:
                    selling = competence == "selling"
                    middle = 4.6 if selling == is_seller or who == people.FIRST_MANAGER else 3.2
                    score = int(np.clip(round(middle + float(rng.normal(0, 0.6))), 1, 5))
                    rows.append(
                        (
                            at + turn,
                            {
                                "person_id": person_id(who),
                                "competence": competence,
                                "assessed_date": when(at + turn),
                                "score_1_5": score,
                                "assessor_person_id": person_id(assessor),
                            },
                        )
                    )
    return rows


def programme_decision(desk: Desk, today: int) -> list[Row]:
    """Membership by decision: the lost account left the programme, two were confirmed."""
    chosen = [
        (s.LOST_KEY, False, date(2025, 12, 15), "Sem compras desde julho"),
        (s.LARGEST, True, date(2023, 2, 6), "Cliente fundador do programa"),
        (s.SURVIVOR, True, date(2024, 2, 5), "Parceria em crescimento"),
    ]
    return [
        (
            day(at),
            {
                "account_id": desk.account_of[group],
                "decided_date": at,
                "is_key_account": member,
                "reason": reason,
                "decided_by_person_id": person_id(people.DIRECTOR),
            },
        )
        for group, member, at, reason in chosen
    ]
