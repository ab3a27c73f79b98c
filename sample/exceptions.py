"""Requests outside policy: who asked for what, when it was decided, and what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.calendar import next_business
from sample.desk_state import Desk
from sample.plan import FAR, as_date

AREAS = ("price", "payment_term", "lead_time", "minimum_order", "returns", "assortment", "credit")
APPROVERS = (
    "Financeiro",
    "Financeiro",
    "Supply Chain",
    "Logística",
    "Logística",
    "Trade Mkt",
    "Controladoria",
)
STANDARD_PRICE, GRANTED_PRICE = 60.0, 56.5
UNPRICED = -1


@dataclass(frozen=True)
class Request:
    """One request; days and minutes local, `decided` FAR where nobody ever answers."""

    number: int
    group: int
    area: int
    asked: int
    asked_minute: int
    decided: int
    decided_minute: int
    verdict: str
    valid_until: int
    quantity: int
    cost: int  # whole reais as given on the form; UNPRICED: not given
    reopened: int

    @property
    def native_id(self) -> str:
        return f"EX-{self.number:05d}"

    @property
    def is_price(self) -> bool:
        return AREAS[self.area] == "price"


def build(desk: Desk) -> list[Request]:
    """A few a year and key account: decided in hours or weeks, a few pending or without end."""
    rng = desk.plan.rng("exceptions")
    out: list[Request] = []
    others = range(s.FIRST_FREE_KEY + desk.plan.n_key, desk.plan.groups, 11)
    for group in [*desk.keys, s.PROMOTABLE, *others]:
        yearly = 4.0 if group in desk.keys else 0.6
        first = max(desk.plan.start, int(desk.base.groups.created[group]) + 30)
        last = min(desk.plan.end, desk.alive_until(group))
        count = int(rng.poisson(yearly * max(0, last - first) / 365)) + int(group == s.LARGEST)
        for asked in sorted(int(d) for d in rng.integers(first, max(last, first + 1), count)):
            out.append(_draw(rng, len(out) + 1, group, int(next_business(asked))))
    return out


def _draw(rng: np.random.Generator, number: int, group: int, asked: int) -> Request:
    """One request; every number is drawn whether it shows or not, so that nights agree."""
    area = int(rng.integers(0, len(AREAS)))
    wait = int(rng.choice([0, 0, 1, 3, 12]))
    verdict = str(rng.choice(["approved", "approved", "approved", "rejected", "withdrawn"]))
    decided = int(next_business(asked + wait)) if rng.random() > 0.02 else FAR
    asked_minute, decided_minute = int(rng.integers(540, 720)), int(rng.integers(730, 1_050))
    quantity, cost = int(rng.integers(100, 2_000)), int(rng.integers(300, 9_000))
    is_unpriced = AREAS[area] == "price" or number % 6 == 0
    return Request(
        number=number,
        group=group,
        area=area,
        asked=asked,
        asked_minute=asked_minute,
        decided=decided,
        decided_minute=decided_minute,
        verdict=verdict,
        valid_until=FAR if number % 12 == 0 else asked + 90,
        quantity=quantity,
        cost=UNPRICED if is_unpriced else cost,
        reopened=int(rng.random() < 0.08),
    )


def truth(requests: list[Request], labels: Sequence[str], today: int) -> Iterator[list[object]]:
    """Each request as the last night knows it; reais per unit are given away on a price."""
    for r in requests:
        if r.asked > today:
            continue
        is_open = r.decided > today
        price = r.quantity * round(STANDARD_PRICE - GRANTED_PRICE, 2) if r.is_price else None
        cost = price if price is not None else r.cost if r.cost != UNPRICED else None
        yield [
            f"desk:{r.native_id}",
            labels[r.group],
            as_date(r.asked),
            AREAS[r.area],
            "pending" if is_open else r.verdict,
            "" if is_open else as_date(r.decided),
            "" if cost is None else f"{cost:.2f}",
        ]
