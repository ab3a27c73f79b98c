"""The true buying process: gamma-regular gaps, uneven rates, dropout and seasons."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.calendar import month_index, next_business
from sample.plan import FAR, Plan
from sample.world import Groups

SHAPE = np.array([3, 2, 4])  # k of the gamma gaps, per channel
SEASON = np.array([0.85, 0.85, 0.95, 1.0, 1.0, 1.0, 0.95, 1.0, 1.05, 1.10, 1.20, 1.05])


@dataclass(frozen=True)
class Process:
    """True parameters per group and the order days they produced."""

    shape: np.ndarray
    rate: np.ndarray  # orders per seasonal day
    dropout: np.ndarray  # probability of leaving after each order
    value_cents: np.ndarray  # typical order
    growth: np.ndarray  # per year
    discount: np.ndarray  # basis points off the list price
    mean_lines: np.ndarray
    days_late: np.ndarray  # habit of payment
    order_group: np.ndarray  # one position per order, by day then group
    order_day: np.ndarray
    alive_until: np.ndarray  # day after which the group never orders again; FAR while alive


def _parameters(groups: Groups, plan: Plan) -> dict[str, np.ndarray]:
    rng = plan.rng("process")
    n = len(groups.labels)
    key = groups.is_key
    gap = np.where(key, rng.uniform(9, 16, n), 27 / np.clip(rng.gamma(2.2, 1 / 2.2, n), 0.25, 2.4))
    gap[[s.LARGEST, s.LOST_KEY, s.SURVIVOR]] = 7.5
    gap[[s.PROMOTABLE, s.SHRINKING, s.ABSORBED]] = 14
    gap[plan.groups] = 20
    rank = np.argsort(np.argsort(np.where(key, np.arange(n) - n, rng.random(n) * n)))
    value = 38_000_000 * (rank + 1.5) ** -0.72 * np.exp(rng.normal(0, 0.25, n))
    value[s.PROMOTABLE], value[plan.groups :] = 10_000_000, 6_000_000
    value[s.LARGEST] = 48_000_000
    value[s.NATURAL_PERSON] = 250_000
    dropout = np.where(key, 0.0, rng.beta(1, 70, n))
    dropout[[g for g in range(24) if not key[g]] + [n - 2]] = 0.0
    late = np.clip(rng.gamma(1.2, 4, n), 0, 25)
    late[s.LOST_KEY] = 14
    drawn = {
        "shape": SHAPE[groups.channel],
        "rate": 1 / gap,
        "dropout": dropout,
        "value_cents": np.rint(value).astype(np.int64),
        "growth": np.clip(rng.normal(0.02, 0.07, n), -0.15, 0.2),
        "discount": np.where(key, rng.integers(600, 1_900, n), rng.integers(0, 900, n)),
        "mean_lines": np.where(key, 3.3, 1.5),
        "days_late": np.rint(late).astype(np.int64),
    }
    drawn["discount"][s.UNDERPRICED] = s.UNDERPRICED_DISCOUNT
    return drawn


def _seasonal_clock(plan: Plan) -> np.ndarray:
    """Elapsed seasonal days at the end of each calendar day of the history."""
    days = np.arange(plan.start, plan.end + 1)
    return np.cumsum(SEASON[month_index(days) % 12])


def simulate(groups: Groups, plan: Plan) -> Process:
    """Draws every group's order days up to the newest night."""
    p = _parameters(groups, plan)
    rng = plan.rng("order days")
    clock = _seasonal_clock(plan)
    n = len(groups.labels)
    first = np.clip(groups.created - plan.start, 0, None)
    joined = groups.created > plan.start
    width = int(clock[-1] * p["rate"].max() * 1.5) + 20
    gaps = rng.gamma(p["shape"][:, None], 1.0, (n, width)) / (p["shape"] * p["rate"])[:, None]
    gaps[:, 0] = np.where(joined, rng.uniform(0, 15, n), gaps[:, 0] * rng.random(n))
    gaps[s.LATE_MASTER, 0] = 1
    elapsed = clock[np.minimum(first, len(clock) - 1)][:, None] + np.cumsum(gaps, axis=1)
    position = np.searchsorted(clock, elapsed.ravel()).reshape(elapsed.shape)
    lifetime = np.where(p["dropout"] > 0, rng.geometric(np.maximum(p["dropout"], 1e-9)), FAR)
    order = np.arange(width)[None, :]
    made = (position < len(clock)) & (order < lifetime[:, None])
    day = next_business(np.minimum(position, len(clock) - 1) + plan.start)
    made &= day <= plan.end
    made[-1] = False
    made[s.LOST_KEY] &= day[s.LOST_KEY] <= s.LAST_ORDER_OF_LOST
    made[:, 1:] &= day[:, 1:] > day[:, :-1]
    alive = np.full(n, FAR)
    left = (lifetime < width) & (
        position[np.arange(n), np.minimum(lifetime, width) - 1] < len(clock)
    )
    alive[left] = day[np.flatnonzero(left), lifetime[left] - 1]
    alive[s.LOST_KEY] = s.LAST_ORDER_OF_LOST
    group, column = np.nonzero(made)
    by_day = np.lexsort((group, day[group, column]))
    return Process(
        **p,
        order_group=group[by_day],
        order_day=day[group, column][by_day],
        alive_until=alive,
    )


def growth_factor(process: Process, groups: np.ndarray, days: np.ndarray, plan: Plan) -> np.ndarray:
    """Size of an order relative to the group's typical one."""
    factor = (1 + process.growth[groups]) ** ((days - plan.start) / 365.25)
    shrunk = (groups == s.SHRINKING) & (days >= s.SHRINK_FROM)
    return np.where(shrunk, factor * 0.45, factor)
