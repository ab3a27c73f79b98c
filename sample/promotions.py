"""Promotions agreed with key accounts: planned, begun in time or late, and what they cost us."""

from dataclasses import dataclass

from sample import stories as s
from sample.company import Base
from sample.plan import FAR, Plan


@dataclass(frozen=True)
class Promotion:
    """One promotion of one customer."""

    number: int
    group: int
    party: int
    branch: int
    planned: int
    started: int  # FAR: never, or not yet
    ends: int
    cents: int


def build(base: Base, plan: Plan) -> list[Promotion]:
    """Three a year for every key account that still buys; one in eight begins late."""
    rng = plan.rng("promotions")
    out: list[Promotion] = []
    for group in [g for g in range(plan.groups) if s.is_key(g, plan)]:
        party = next(i for i, c in enumerate(base.customers) if c.group == group)
        for start in range(plan.start + 40 + group % 30, plan.end + 60, 120):
            delay = int(rng.integers(2, 12)) if rng.random() < 0.125 else 0
            cents = int(rng.integers(2, 16)) * 100_000
            if start > base.process.alive_until[group]:
                continue
            started = start + delay if start + delay <= plan.end else FAR
            out.append(
                Promotion(
                    len(out) + 1,
                    group,
                    party,
                    1 + (group % 3 == 0),
                    start,
                    started,
                    start + 21,
                    cents,
                )
            )
    return out
