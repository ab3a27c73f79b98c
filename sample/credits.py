"""Returns and financial credit notes, with the two that are corrected on a later night."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.accidents import COMMERCIAL, DAMAGE, EXPIRED, PRICE, QUANTITY, TAX, WRONG_ITEM
from sample.calendar import month_index, month_start, next_business
from sample.documents import NONE, SALE, DocumentLines, Documents
from sample.plan import FAR, Plan
from sample.world import Customer


@dataclass(frozen=True)
class Returns:
    """One position per returned line; `first_*` is what was delivered before a correction."""

    line: np.ndarray
    number: np.ndarray
    item: np.ndarray
    quantity: np.ndarray
    price_cents: np.ndarray
    day: np.ndarray  # posting
    issued: np.ndarray
    has_origin: np.ndarray
    motive: np.ndarray
    first_quantity: np.ndarray
    corrected: np.ndarray


@dataclass(frozen=True)
class Notes:
    """One position per financial credit note (type NCC that no return made)."""

    group: np.ndarray
    party: np.ndarray
    branch: np.ndarray
    day: np.ndarray
    cents: np.ndarray
    product: np.ndarray
    is_rebate: np.ndarray
    motive: np.ndarray
    number: np.ndarray
    first_cents: np.ndarray
    corrected: np.ndarray


def draw_returns(docs: Documents, lines: DocumentLines, plan: Plan, replica: int) -> Returns:
    """Returns some lines after delivery; the failure story raises the share."""
    rng = plan.rng("returns", replica)
    doc = lines.document
    day = docs.day[doc]
    good = (docs.cancelled[doc] == FAR) & ~docs.is_void[doc] & (docs.delivered[doc] < FAR)
    good &= (lines.kind == SALE) & (docs.known[doc] == day)
    failing = (docs.group[doc] == s.LOST_KEY) & (day >= s.FAILURE[0]) & (day <= s.FAILURE[1])
    back = next_business(docs.delivered[doc] + rng.integers(3, 40, len(doc)))
    chosen = good & (rng.random(len(doc)) < np.where(failing, 0.12, 0.015)) & (back <= plan.end)
    planted = _planted_return(docs, lines, good, plan)
    chosen[planted] = True
    back[planted] = next_business(plan.extract_days[0] - 6)
    line = np.flatnonzero(chosen)
    quantity = np.maximum(1, np.rint(lines.quantity[line] * rng.choice([0.1, 0.3, 1], len(line))))
    quantity = quantity.astype(np.int64)
    _, number = np.unique(doc[line] * 100_000 + back[line], return_inverse=True)
    order = np.argsort(number, kind="stable")
    count = np.bincount(number)
    item = np.empty(len(line), np.int64)
    item[order] = np.arange(len(line)) - (np.cumsum(count) - count)[number[order]] + 1
    is_planted = np.isin(line, planted) & (replica == 0)
    quantity = np.where(is_planted, np.maximum(1, lines.quantity[line] // 4), quantity)
    return Returns(
        line=line,
        number=number + 500 + replica * 40 * plan.groups,
        item=item,
        quantity=quantity,
        price_cents=lines.price_cents[line],
        day=back[line],
        issued=np.maximum(back[line] - rng.integers(0, 7, len(line)), docs.delivered[doc[line]]),
        has_origin=rng.random(len(line)) < 0.85,
        motive=rng.choice([DAMAGE, DAMAGE, EXPIRED, WRONG_ITEM, COMMERCIAL], len(line)),
        first_quantity=np.where(is_planted, np.maximum(1, lines.quantity[line] // 2), quantity),
        corrected=np.where(is_planted, s.Nights.of(plan).correction, FAR),
    )


def _planted_return(
    docs: Documents, lines: DocumentLines, good: np.ndarray, plan: Plan
) -> np.ndarray:
    """The latest large enough line of the no-depth account delivered before the last week."""
    ours = good & (docs.group[lines.document] == s.NO_DEPTH) & (lines.quantity >= 4)
    ours &= docs.delivered[lines.document] < plan.extract_days[0] - 9
    return np.flatnonzero(ours)[-1:]


def draw_notes(
    docs: Documents, lines: DocumentLines, people: list[Customer], plan: Plan, replica: int
) -> Notes:
    """Discount notes on one document in 120, quarterly rebates of the large clients."""
    rng = plan.rng("notes", replica)
    value = np.bincount(
        lines.document, weights=lines.total_cents * (lines.kind == SALE), minlength=len(docs.day)
    )
    whole = (docs.cancelled == FAR) & ~docs.is_void & ~docs.is_complement & (docs.rate == 10_000)
    whole &= (docs.group < plan.groups) & (value > 0)
    day = next_business(docs.day + rng.integers(8, 35, len(docs.day)))
    hit = np.flatnonzero(whole & (rng.random(len(docs.day)) < 0.008) & (day <= plan.end))
    planted = np.flatnonzero(whole & (docs.group == s.LARGEST) & (docs.day < plan.end - 20))[-1:]
    day[planted] = next_business(plan.extract_days[0] - 5)
    hit = np.union1d(hit, planted)
    cents = np.maximum(1, value[hit] * rng.integers(1, 9, len(hit)) / 100).astype(np.int64)
    quarter, at, amount = _rebates(docs, value, whole, plan)
    count = len(hit) + len(quarter)
    is_planted = np.r_[np.isin(hit, planted), np.zeros(len(quarter), bool)] & (replica == 0)
    cents = np.r_[cents, amount]
    first = np.full(len(docs.day), NONE)
    first[lines.document[::-1]] = lines.product[::-1]
    with_product = rng.random(len(hit)) < 0.5
    return Notes(
        group=np.r_[docs.group[hit], quarter],
        party=np.r_[docs.party[hit], _first_customer(people)[quarter]],
        branch=np.r_[docs.branch[hit], 1 + (quarter % 3 == 0)],
        day=np.r_[day[hit], at],
        cents=cents,
        product=np.r_[np.where(with_product, first[hit], NONE), np.full(len(quarter), NONE)],
        is_rebate=np.r_[np.zeros(len(hit), bool), np.ones(len(quarter), bool)],
        motive=np.r_[
            rng.choice([PRICE, QUANTITY, TAX, COMMERCIAL], len(hit)),
            np.full(len(quarter), COMMERCIAL),
        ],
        number=70_000 + replica * 40 * plan.groups + np.arange(count),
        first_cents=np.where(is_planted, cents + cents // 2 + 100, cents),
        corrected=np.where(is_planted, s.Nights.of(plan).correction, FAR),
    )


def _first_customer(people: list[Customer]) -> np.ndarray:
    group = np.array([c.group for c in people])
    return np.searchsorted(group[group >= 0], np.arange(group.max() + 1))


def _rebates(docs: Documents, value: np.ndarray, whole: np.ndarray, plan: Plan):  # type: ignore[no-untyped-def]
    """1.5 % of a quarter's invoices of each key account but every fourth, 12 days after it."""
    rebated = np.array([s.is_key(g, plan) and g % 4 != 3 for g in range(plan.groups + 2)])
    eligible = whole & rebated[docs.group]
    quarter = month_index(docs.day) // 3
    first = int(month_index(plan.start)) // 3
    cell = docs.group * 1_000 + quarter - first
    sums = np.bincount(cell[eligible], weights=value[eligible] * 15 // 1_000)
    cells = np.flatnonzero(sums > 0)
    at = next_business(month_start((cells % 1_000 + first + 1) * 3) + 12)
    cells, at = cells[at <= plan.end], at[at <= plan.end]
    return cells // 1_000, at, np.rint(sums[cells]).astype(np.int64)
