"""Costs by customer that are no document: freight, expedites, trade spend, return handling."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.calendar import month_index, month_start, next_business
from sample.company import Base, Trade
from sample.documents import BONUS, NONE
from sample.plan import FAR, Plan

TYPES = ("FRETE", "URGENTE", "VERBA", "BONUS", "COOP", "DEVOLUCAO")
FREIGHT, EXPEDITE, REBATE, BONUS_GOODS, CO_OP, HANDLING = range(6)
TRADE_SPEND = (REBATE, BONUS_GOODS, CO_OP)
NO_AMOUNT = -1


@dataclass(frozen=True)
class Costs:
    """One position per cost; `note` names the credit note whose money a row repeats."""

    kind: np.ndarray
    party: np.ndarray
    branch: np.ndarray
    document: np.ndarray
    note: np.ndarray
    product: np.ndarray
    promotion: np.ndarray
    day: np.ndarray
    cents: np.ndarray


def _rows(kind: int, party, branch, day, cents, **more: np.ndarray) -> Costs:  # type: ignore[no-untyped-def]
    n = len(day)
    none = np.full(n, NONE)
    return Costs(
        kind=np.full(n, kind),
        party=party,
        branch=branch,
        day=day,
        cents=cents,
        document=more.get("document", none),
        note=more.get("note", none),
        product=more.get("product", none),
        promotion=more.get("promotion", none),
    )


def draw(base: Base, trade: Trade, promotions: list, plan: Plan) -> Costs:
    """Every cost of one replica; promotions and unassigned freight only in the first."""
    rng = plan.rng("costs", trade.replica)
    d, x = trade.documents, trade.lines
    value = np.bincount(x.document, weights=x.total_cents, minlength=len(d.day)).astype(np.int64)
    sold = (d.cancelled == FAR) & ~d.is_void & ~d.is_complement & (d.group != plan.groups)
    on_time = d.known == d.day
    by_truck = np.flatnonzero(sold & on_time & (rng.random(len(sold)) < 0.75))
    share = rng.integers(15, 40, len(by_truck))
    urgent = np.flatnonzero(sold & on_time & (rng.random(len(sold)) < 0.01))
    no_amount = rng.random(len(urgent)) < 0.3
    bonus = np.flatnonzero((x.kind == BONUS) & (sold & on_time)[x.document])
    of = x.document[bonus]
    r = trade.returns
    back = x.document[r.line]
    parts = [
        _rows(
            FREIGHT,
            d.party[by_truck],
            d.branch[by_truck],
            d.day[by_truck],
            value[by_truck] * share // 1_000 + 900,
            document=by_truck,
        ),
        _rows(
            EXPEDITE,
            d.party[urgent],
            d.branch[urgent],
            d.day[urgent],
            np.where(no_amount, NO_AMOUNT, rng.integers(5_000, 40_000, len(urgent))),
            document=urgent,
        ),
        _rows(
            BONUS_GOODS,
            d.party[of],
            d.branch[of],
            d.day[of],
            x.total_cents[bonus] * 6 // 10,
            document=of,
            product=x.product[bonus],
        ),
        _rows(
            HANDLING,
            d.party[back],
            d.branch[back],
            r.day,
            r.quantity * r.price_cents * 3 // 100 + 5_000,
            document=back,
        ),
        _agreements(base, trade, value, sold, plan),
    ]
    if trade.replica == 0:
        parts += [_repeated(trade), _unassigned(trade, value, sold, plan), _shared(promotions)]
    return Costs(*(np.concatenate([getattr(p, f) for p in parts]) for f in Costs.__annotations__))


def _agreements(base: Base, trade: Trade, value: np.ndarray, sold: np.ndarray, plan: Plan) -> Costs:
    """Yearly rebates settled each quarter outside any document: every fourth key account."""
    d = trade.documents
    ours = np.array([s.is_key(g, plan) and g % 4 == 3 for g in range(plan.groups + 2)])
    use = sold & ours[d.group] & (d.rate == 10_000)
    first = int(month_index(plan.start)) // 3
    cell = d.group * 1_000 + month_index(d.day) // 3 - first
    sums = np.bincount(cell[use], weights=value[use] * 2 // 100)
    cells = np.flatnonzero(sums > 0)
    at = next_business(month_start((cells % 1_000 + first + 1) * 3) + 9)
    cells, at = cells[at <= plan.end], at[at <= plan.end]
    groups = np.array([c.group for c in base.customers])
    party = np.searchsorted(groups[groups >= 0], cells // 1_000)
    return _rows(REBATE, party, 1 + (cells // 1_000 % 3 == 0), at, sums[cells].astype(np.int64))


def _repeated(trade: Trade) -> Costs:
    """Two rows that name a rebate credit note: money already in a document, to be left out."""
    n = trade.notes
    note = np.flatnonzero(n.is_rebate)[-4:-2]
    return _rows(REBATE, n.party[note], n.branch[note], n.day[note], n.cents[note], note=note)


def _unassigned(trade: Trade, value: np.ndarray, sold: np.ndarray, plan: Plan) -> Costs:
    """Freight of a branch and month that no customer is named for: 0.6 % of its sales."""
    d = trade.documents
    first = int(month_index(plan.start))
    cell = (month_index(d.day) - first) * 2 + d.branch - 1
    sums = np.bincount(cell[sold], weights=value[sold] * 6 // 1_000)
    at = month_start(np.arange(len(sums)) // 2 + first + 1) - 1
    sums, at, place = sums[at <= plan.end], at[at <= plan.end], 1 + np.arange(len(sums)) % 2
    none = np.full(len(at), NONE)
    return _rows(FREIGHT, none, place[: len(at)], at, sums.astype(np.int64))


def _shared(promotions: list) -> Costs:
    """The co-operative money of each promotion that has begun."""
    begun = [p for p in promotions if p.started < FAR]
    return _rows(
        CO_OP,
        np.array([p.party for p in begun], int),
        np.array([p.branch for p in begun], int),
        np.array([p.started for p in begun], int),
        np.array([p.cents for p in begun], int),
        promotion=np.array([p.number for p in begun], int),
    )
