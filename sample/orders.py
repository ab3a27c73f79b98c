"""Orders and their lines: what was asked, promised, held, made ready and sent."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.calendar import next_business
from sample.plan import FAR, Plan
from sample.process import Process, growth_factor
from sample.products import N_PRODUCTS, Catalogue
from sample.world import Customer, Groups, Movers


@dataclass(frozen=True)
class Orders:
    """One position per order; days are day numbers, FAR where it does not happen."""

    group: np.ndarray
    customer: np.ndarray
    branch: np.ndarray
    day: np.ndarray
    requested: np.ndarray
    promised: np.ndarray
    planned: np.ndarray
    shipped: np.ndarray
    delivered: np.ndarray
    hold_from: np.ndarray
    hold_to: np.ndarray
    in_dollars: np.ndarray


@dataclass(frozen=True)
class OrderLines:
    """One position per order line; money in cents of the document currency."""

    order: np.ndarray
    item: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    list_cents: np.ndarray
    price_cents: np.ndarray
    sent_first: np.ndarray
    sent_later: np.ndarray
    cancelled: np.ndarray
    cancelled_by: np.ndarray  # 0 nobody, 1 client, 2 company
    cancelled_day: np.ndarray
    ready: np.ndarray


def _customers_of(
    process: Process, people: list[Customer], movers: Movers, rng: np.random.Generator
) -> np.ndarray:
    """The customer behind each order: half of a group's orders come from its first one."""
    group_of = np.array([c.group for c in people])
    created = np.array([c.created for c in people])
    first = np.searchsorted(group_of[group_of >= 0], np.arange(group_of.max() + 1))
    count = np.bincount(group_of[group_of >= 0])
    g = process.order_group
    extra = 1 + np.floor(rng.random(len(g)) * np.maximum(count[g] - 1, 1)).astype(int)
    pick = first[g] + np.where((count[g] > 1) & (rng.random(len(g)) < 0.5), extra, 0)
    return np.where(created[pick] <= process.order_day, pick, first[g])


def draw_orders(
    process: Process,
    groups: Groups,
    people: list[Customer],
    movers: Movers,
    plan: Plan,
    replica: int,
) -> Orders:
    """Draws the service each order got; the failure story makes its client's orders late."""
    rng = plan.rng("orders", replica)
    g, day = process.order_group, process.order_day
    n = len(g)
    failing = (g == s.LOST_KEY) & (day >= s.FAILURE[0]) & (day <= s.FAILURE[1])
    transit = 1 + groups.city[g] % 4
    planned = next_business(day + 3 + rng.integers(0, 4, n))
    promised = next_business(planned + transit)
    late = rng.random(n) < np.where(failing, 0.6, 0.05)
    cause = rng.choice(3, n, p=[0.25, 0.4, 0.35])
    days = rng.integers(1, 6, n) + np.where(failing, rng.integers(2, 9, n), 0)
    hold = (late & (cause == 0)) | (rng.random(n) < 0.015)
    hold_from = np.where(hold, day, FAR)
    hold_to = np.where(hold & late & (cause == 0), planned + days, np.where(hold, day + 1, FAR))
    shipped = planned + np.where(late & (cause <= 1), days + 1, 0)
    travel = transit + np.where(late & (cause == 2), days + 1, 0)
    shipped, delivered = next_business(shipped), next_business(next_business(shipped) + travel)
    unrecorded = rng.random(n) < 0.015
    branch = np.where(rng.random(n) < 0.08, 2 - g % 2, 1 + (g % 3 == 0))
    customer = _customers_of(process, people, movers, rng)
    g = g.copy()
    stray = np.flatnonzero(g == plan.groups)[-4:-1]  # three orders of a customer without a record
    g[stray] = plan.groups + 1
    customer[stray] = next(i for i, c in enumerate(people) if c.group == plan.groups + 1)
    return Orders(
        group=g,
        customer=customer,
        branch=branch,
        day=day,
        requested=promised - rng.choice([0, 0, 0, 1, 2], n),
        promised=promised,
        planned=planned,
        shipped=shipped,
        delivered=np.where(unrecorded, FAR, delivered),
        hold_from=hold_from,
        hold_to=hold_to,
        in_dollars=np.isin(g, s.DOLLARS),
    )


def draw_lines(
    orders: Orders, process: Process, catalogue: Catalogue, plan: Plan, replica: int
) -> OrderLines:
    """Draws products, quantities, prices and what was sent short."""
    rng = plan.rng("lines", replica)
    per_order = 1 + np.minimum(rng.poisson(process.mean_lines[orders.group]), 9)
    order = np.repeat(np.arange(len(orders.day)), per_order)
    n = len(order)
    ends = np.cumsum(per_order)
    item = np.arange(n) - np.repeat(ends - per_order, per_order) + 1
    start = np.floor(rng.random(len(per_order)) ** 1.6 * N_PRODUCTS).astype(int)
    product = (start[order] + orders.group[order] * 3 + (item - 1) * 7) % N_PRODUCTS
    day, group = orders.day[order], orders.group[order]
    listed = catalogue.price(day, product)
    offer = rng.choice([0, 0, 0, 200, 500], n)
    price = np.rint(listed * (10_000 - process.discount[group] - offer) / 10_000).astype(np.int64)
    dollars = orders.in_dollars[order]
    listed = np.where(dollars, listed // 5, listed)
    price = np.where(dollars, price // 5, price)
    target = process.value_cents[group] * growth_factor(process, group, day, plan)
    target = target / per_order[order] * np.exp(rng.normal(0, 0.35, n))
    quantity = np.maximum(1, np.rint(target / catalogue.price(day, product))).astype(np.int64)
    return OrderLines(
        order=order,
        item=item,
        product=product,
        quantity=quantity,
        list_cents=listed,
        price_cents=price,
        **_sent(orders, order, quantity, rng),
    )


def _sent(
    orders: Orders, order: np.ndarray, quantity: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    n = len(order)
    day = orders.day[order]
    failing = (orders.group[order] == s.LOST_KEY) & (day >= s.FAILURE[0]) & (day <= s.FAILURE[1])
    short = (rng.random(n) < np.where(failing, 0.35, 0.02)) & (quantity > 1)
    missing = np.where(short, np.maximum(1, np.rint(quantity * rng.uniform(0.1, 0.6, n))), 0)
    missing = np.minimum(missing, quantity - 1).astype(np.int64)
    dropped = rng.random(n) < 0.01
    missing = np.where(dropped, quantity, np.maximum(missing, 0))
    fate = rng.choice(3, n, p=[0.7, 0.12, 0.18])  # sent later, cancelled by client, by company
    fate = np.where(dropped, 1, fate)
    cancelled = np.where((missing > 0) & (fate > 0), missing, 0)
    ahead = rng.integers(0, 2, n)
    late = orders.shipped[order] > next_business(orders.planned[order])
    held = orders.hold_to[order] > orders.planned[order]
    in_time = ~late | (held & (orders.hold_to[order] < FAR))
    ready = np.where(in_time, orders.planned[order] - ahead, orders.shipped[order])
    return {
        "sent_first": quantity - missing,
        "sent_later": np.where((missing > 0) & (fate == 0), missing, 0),
        "cancelled": cancelled,
        "cancelled_by": np.where(cancelled > 0, fate, 0),
        "cancelled_day": np.where(
            cancelled > 0, np.where(dropped, day + 1, orders.shipped[order]), FAR
        ),
        "ready": ready,
    }
