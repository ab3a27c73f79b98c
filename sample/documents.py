"""Outgoing documents: invoices, back orders, cancellations, replacements, complements."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sample.calendar import next_business
from sample.orders import OrderLines, Orders
from sample.plan import FAR, Plan
from sample.products import FREIGHT, N_PRODUCTS, Catalogue, category

TES = ("501", "502", "503", "510", "540", "551")
SALE, EXPORT, SERVICE, BONUS, COMPLEMENT, BETWEEN_US = range(6)
ACCOUNTS = (
    "3.1.1.01.001",
    "3.1.1.02.001",
    "3.1.1.03.001",
    "4.2.9.01.001",
    "3.1.1.01.001",
    "3.1.1.04.001",
)
NONE = -1


@dataclass(frozen=True)
class Documents:
    """One position per outgoing document."""

    order: np.ndarray
    group: np.ndarray
    party: np.ndarray  # position of the customer
    branch: np.ndarray
    day: np.ndarray
    delivered: np.ndarray
    known: np.ndarray  # first extract day that may hold it
    cancelled: np.ndarray  # FAR unless cancelled
    is_void: np.ndarray  # deleted and never existed
    is_complement: np.ndarray
    rate: np.ndarray  # 10^-4 BRL per unit of the document currency; 10,000 for BRL
    number: np.ndarray


@dataclass(frozen=True)
class DocumentLines:
    """One position per document line; cents of the document currency."""

    document: np.ndarray
    item: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price_cents: np.ndarray
    list_cents: np.ndarray
    total_cents: np.ndarray
    kind: np.ndarray  # position in TES and ACCOUNTS
    order_line: np.ndarray
    ready: np.ndarray
    origin: np.ndarray  # position of the line a complement corrects
    motive: np.ndarray  # position in MOTIVES of the corrections, or NONE


def stack(*parts: Any) -> Any:
    """Appends frames of one kind."""
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(kind)))


def pick(frame, where: np.ndarray):  # type: ignore[no-untyped-def]
    """The rows of a frame selected by a mask or positions."""
    return type(frame)(*(getattr(frame, f.name)[where] for f in fields(frame)))


def replaced(frame, **columns: np.ndarray):  # type: ignore[no-untyped-def]
    """The frame with some columns exchanged."""
    return type(frame)(*(columns.get(f.name, getattr(frame, f.name)) for f in fields(frame)))


def _documents(
    orders: Orders, order: np.ndarray, day: np.ndarray, delivered: np.ndarray
) -> Documents:
    n = len(order)
    return Documents(
        order=order,
        group=orders.group[order],
        party=orders.customer[order],
        branch=orders.branch[order],
        day=day,
        delivered=delivered,
        known=day,
        cancelled=np.full(n, FAR),
        is_void=np.zeros(n, bool),
        is_complement=np.zeros(n, bool),
        rate=np.full(n, 10_000),
        number=np.zeros(n, np.int64),
    )


def _lines(
    lines: OrderLines,
    position: np.ndarray,
    document: np.ndarray,
    quantity: np.ndarray,
    ready: np.ndarray,
    orders: Orders,
    last_group: int,
) -> DocumentLines:
    order = lines.order[position]
    kind = np.where(orders.in_dollars[order], EXPORT, SALE)
    kind = np.where(orders.group[order] == last_group, BETWEEN_US, kind)
    none = np.full(len(position), NONE)
    price = lines.price_cents[position]
    return DocumentLines(
        document=document,
        item=none,
        product=lines.product[position],
        quantity=quantity,
        price_cents=price,
        list_cents=lines.list_cents[position],
        total_cents=price * quantity,
        kind=kind,
        order_line=position,
        ready=ready,
        origin=none,
        motive=none,
    )


def ship(
    orders: Orders, lines: OrderLines, catalogue: Catalogue, plan: Plan, replica: int
) -> tuple[Documents, DocumentLines]:
    """Documents of what was sent: first shipments and back orders, then their accidents."""
    rng = plan.rng("documents", replica)
    last = plan.groups
    parts, rows, start = [], [], 0
    wait = next_business(orders.shipped + rng.integers(5, 15, len(orders.day)))
    travel = np.where(orders.delivered < FAR, orders.delivered - orders.shipped, FAR)
    later = np.where(travel < FAR, wait + travel, FAR)
    for sent, day, arrives in (
        (lines.sent_first, orders.shipped, orders.delivered),
        (lines.sent_later, wait, later),
    ):
        position = np.flatnonzero((sent > 0) & (day[lines.order] <= plan.end))
        order, inverse = np.unique(lines.order[position], return_inverse=True)
        parts.append(_documents(orders, order, day[order], arrives[order]))
        ready = np.where(day is wait, day[lines.order[position]] - 1, lines.ready[position])
        quantity = sent[position]
        rows.append(_lines(lines, position, inverse + start, quantity, ready, orders, last))
        start += len(order)
    docs, doc_lines = stack(*parts), stack(*rows)
    docs, doc_lines = _cancel_some(docs, doc_lines, plan, rng)
    dollars = orders.in_dollars[docs.order]
    rate = np.where(dollars, catalogue.rate(np.minimum(docs.day, plan.end)), 10_000)
    docs = replaced(docs, rate=rate)
    doc_lines = stack(doc_lines, *_extra_lines(docs, doc_lines, catalogue, rng))
    return docs, doc_lines


def _cancel_some(docs: Documents, lines: DocumentLines, plan: Plan, rng):  # type: ignore[no-untyped-def]
    """Cancels 1 % within days; four in five are issued again under a new number."""
    cancel = next_business(docs.day + rng.integers(0, 4, len(docs.day)))
    hit = (rng.random(len(docs.day)) < 0.01) & (cancel <= plan.end)
    docs = replaced(docs, cancelled=np.where(hit, cancel, FAR))
    again = np.flatnonzero(hit & (rng.random(len(hit)) < 0.8))
    new_day = next_business(cancel[again])
    again, new_day = again[new_day <= plan.end], new_day[new_day <= plan.end]
    copy = pick(docs, again)
    shift = new_day - copy.day
    copy = replaced(
        copy,
        day=new_day,
        known=new_day,
        cancelled=np.full(len(again), FAR),
        delivered=np.where(copy.delivered < FAR, copy.delivered + shift, FAR),
    )
    target = np.full(len(docs.day), NONE)
    target[again] = len(docs.day) + np.arange(len(again))
    moved = pick(lines, target[lines.document] >= 0)
    moved = replaced(moved, document=target[moved.document])
    return stack(docs, copy), stack(lines, moved)


def _extra_lines(docs: Documents, lines: DocumentLines, catalogue: Catalogue, rng):  # type: ignore[no-untyped-def]
    """Lines without an order: billed freight, and bonus goods that are no revenue."""
    domestic = (docs.rate == 10_000) & (docs.cancelled == FAR)
    for share, kind in ((0.02, SERVICE), (0.02, BONUS)):
        document = np.flatnonzero(domestic & (rng.random(len(docs.day)) < share))
        n = len(document)
        product = np.full(n, FREIGHT) if kind == SERVICE else rng.integers(0, N_PRODUCTS, n)
        listed = catalogue.price(docs.day[document], product)
        quantity = np.ones(n, np.int64) if kind == SERVICE else rng.integers(1, 12, n)
        none = np.full(n, NONE)
        yield DocumentLines(
            document=document,
            item=none,
            product=product,
            quantity=quantity,
            price_cents=listed,
            list_cents=listed,
            total_cents=listed * quantity,
            kind=np.full(n, kind),
            order_line=none,
            ready=docs.day[document],
            origin=none,
            motive=none,
        )


def tax_cents(lines: DocumentLines) -> tuple[np.ndarray, np.ndarray]:
    """IPI and ICMS-ST of each line; exports, services and complements carry none."""
    group = category(lines.product)
    taxed = lines.kind == SALE
    ipi = np.where(taxed & (group >= 3), (lines.total_cents * 5 + 50) // 100, 0)
    substitution = np.where(taxed & (group == 2), (lines.total_cents * 6 + 50) // 100, 0)
    return ipi, substitution


def base_cents(total_cents: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Base currency, rounded half away from zero."""
    magnitude = (np.abs(total_cents) * rate + 5_000) // 10_000
    return np.where(total_cents < 0, -magnitude, magnitude)
