"""What happens to documents afterwards: late arrival, complements, void copies, numbers."""

import numpy as np

from sample.calendar import next_business
from sample.documents import (
    COMPLEMENT,
    NONE,
    SALE,
    DocumentLines,
    Documents,
    pick,
    replaced,
    stack,
)
from sample.plan import FAR, Plan

PRICE, QUANTITY, TAX, DAMAGE, EXPIRED, WRONG_ITEM, COMMERCIAL = range(7)
MOTIVES = ("PRECO", "QTDE", "IMPOST", "AVARIA", "VENCID", "TROCA", "COMERC")


def add_complements(
    docs: Documents, lines: DocumentLines, plan: Plan, replica: int
) -> tuple[Documents, DocumentLines]:
    """Price complements (type C, quantity zero) some weeks after one invoice in 150."""
    rng = plan.rng("complements", replica)
    whole = (docs.cancelled == FAR) & (docs.rate == 10_000)
    chosen = whole[lines.document] & (lines.kind == SALE) & (rng.random(len(lines.item)) < 0.003)
    origin = np.flatnonzero(chosen)
    of = lines.document[origin]
    day = next_business(docs.day[of] + rng.integers(5, 25, len(origin)))
    origin, of, day = (a[day <= plan.end] for a in (origin, of, day))
    n = len(origin)
    extra = replaced(
        pick(docs, of),
        day=day,
        known=day,
        delivered=np.full(n, FAR),
        is_complement=np.ones(n, bool),
    )
    row = pick(lines, origin)
    amount = np.maximum(1, row.total_cents * rng.integers(1, 5, n) // 100)
    row = replaced(
        row,
        document=len(docs.day) + np.arange(n),
        quantity=np.zeros(n, np.int64),
        price_cents=amount,
        total_cents=amount,
        list_cents=amount,
        kind=np.full(n, COMPLEMENT),
        order_line=np.full(n, NONE),
        origin=origin,
        ready=np.full(n, FAR),
        motive=rng.choice([PRICE, PRICE, QUANTITY, TAX], n),
    )
    return stack(docs, extra), stack(lines, row)


def add_voids(
    docs: Documents, lines: DocumentLines, plan: Plan, replica: int
) -> tuple[Documents, DocumentLines]:
    """Deleted rows without a fiscal record: documents that never existed."""
    rng = plan.rng("voids", replica)
    chosen = np.flatnonzero((rng.random(len(docs.day)) < 0.004) & ~docs.is_complement)
    target = np.full(len(docs.day), NONE)
    target[chosen] = len(docs.day) + np.arange(len(chosen))
    copy = replaced(
        pick(docs, chosen), is_void=np.ones(len(chosen), bool), cancelled=np.full(len(chosen), FAR)
    )
    moved = pick(lines, target[lines.document] >= 0)
    moved = replaced(
        moved, document=target[moved.document], order_line=np.full(len(moved.item), NONE)
    )
    return stack(docs, copy), stack(lines, moved)


def arrive_late(docs: Documents, plan: Plan, replica: int) -> Documents:
    """Some documents of the last week before the first night arrive on a later night."""
    nights = plan.extract_days
    if len(nights) < 2:
        return docs
    rng = plan.rng("late", replica)
    recent = (docs.day > nights[0] - 6) & (docs.day <= nights[0]) & ~docs.is_void
    recent &= docs.cancelled == FAR
    candidate = np.flatnonzero(recent & (docs.group < plan.groups))
    late = candidate[
        (rng.random(len(candidate)) < 0.08) | (np.arange(len(candidate)) < len(nights) - 1)
    ]
    known = docs.known.copy()
    known[late] = np.array(nights)[1 + np.arange(len(late)) % (len(nights) - 1)]
    return replaced(docs, known=known)


def numbered(docs: Documents, lines: DocumentLines, plan: Plan, replica: int):  # type: ignore[no-untyped-def]
    """Numbers documents in order of day and items in order of line."""
    by_day = np.lexsort((np.arange(len(docs.day)), docs.day))
    number = np.empty(len(by_day), np.int64)
    number[by_day] = 1_000 + replica * 400 * plan.groups + np.arange(len(by_day))
    by_document = np.argsort(lines.document, kind="stable")
    count = np.bincount(lines.document, minlength=len(docs.day))
    first = np.cumsum(count) - count
    item = np.empty(len(by_document), np.int64)
    item[by_document] = np.arange(len(by_document)) - first[lines.document[by_document]] + 1
    return replaced(docs, number=number), replaced(lines, item=item)
