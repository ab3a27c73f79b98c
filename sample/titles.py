"""Receivables and what was paid on them."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.calendar import next_business
from sample.credits import Notes, Returns
from sample.documents import BONUS, NONE, DocumentLines, Documents, base_cents, tax_cents
from sample.plan import FAR, Plan
from sample.process import Process

# code, description, mean days, days of each instalment
TERMS = (
    ("001", "28 DIAS", 28, (28,)),
    ("002", "30/60 DIAS", 45, (30, 60)),
    ("003", "A VISTA", 0, (0,)),
    ("004", "60 DIAS", 60, (60,)),
    ("005", "21 DIAS", 21, (21,)),
)
INVOICE, RETURN, NOTE, PROVISIONAL = range(4)
CASH, WRITE_OFF, NETTING = range(3)
REASONS = ("NOR", "PDD", "CMP")


@dataclass(frozen=True)
class Titles:
    """One position per receivable title; positive amounts, also on credits."""

    kind: np.ndarray
    source: np.ndarray  # position of the document, return or note
    instalment: np.ndarray
    party: np.ndarray
    group: np.ndarray
    branch: np.ndarray
    issued: np.ndarray
    due: np.ndarray
    cents: np.ndarray  # document currency
    base: np.ndarray
    first_cents: np.ndarray
    corrected: np.ndarray
    known: np.ndarray
    cancelled: np.ndarray
    is_dollar: np.ndarray
    number: np.ndarray


@dataclass(frozen=True)
class Receipts:
    """One position per settlement, in base currency."""

    title: np.ndarray
    sequence: np.ndarray
    day: np.ndarray
    cents: np.ndarray
    reason: np.ndarray


def terms_of(groups: np.ndarray) -> np.ndarray:
    """Payment condition of each group."""
    return np.asarray(groups) * 7 % 11 % len(TERMS)


def draw_titles(docs: Documents, lines: DocumentLines, returns: Returns, notes: Notes) -> Titles:
    """Titles of invoices with tax, of returns and of credit notes, and provisional ones."""
    ipi, substitution = tax_cents(lines)
    owed = np.where(lines.kind == BONUS, 0, lines.total_cents + ipi + substitution)
    total = np.bincount(lines.document, weights=owed, minlength=len(docs.day)).astype(np.int64)
    live = np.flatnonzero((total > 0) & ~docs.is_void)
    term = np.where(docs.is_complement, 0, terms_of(docs.group))[live]
    parts = []
    for number in (0, 1):
        has = np.array([len(t[3]) > number for t in TERMS])[term]
        of = live[has]
        days = np.array([t[3][min(number, len(t[3]) - 1)] for t in TERMS])[term[has]]
        half = total[of] // 2
        two = np.array([len(t[3]) > 1 for t in TERMS])[term[has]]
        cents = np.where(two, half if number else total[of] - half, total[of])
        parts.append(_invoice_titles(docs, of, number, docs.day[of] + days, cents))
    provisional = live[live % 211 == 3]
    early = _invoice_titles(docs, provisional, 0, docs.day[provisional] + 30, total[provisional])
    parts.append(_with(early, kind=np.full(len(provisional), PROVISIONAL)))
    parts += [_return_titles(docs, lines, returns), _note_titles(notes)]
    return Titles(*(np.concatenate([getattr(p, f) for p in parts]) for f in Titles.__annotations__))


def _with(titles: Titles, **columns: np.ndarray) -> Titles:
    return Titles(**{f: columns.get(f, getattr(titles, f)) for f in Titles.__annotations__})


def _invoice_titles(
    docs: Documents, of: np.ndarray, number: int, due: np.ndarray, cents: np.ndarray
) -> Titles:
    n = len(of)
    return Titles(
        kind=np.full(n, INVOICE),
        source=of,
        instalment=np.full(n, number),
        party=docs.party[of],
        group=docs.group[of],
        branch=docs.branch[of],
        issued=docs.day[of],
        due=due,
        cents=cents,
        base=base_cents(cents, docs.rate[of]),
        first_cents=cents,
        corrected=np.full(n, FAR),
        known=docs.known[of],
        cancelled=docs.cancelled[of],
        is_dollar=docs.rate[of] != 10_000,
        number=docs.number[of],
    )


def _return_titles(docs: Documents, lines: DocumentLines, returns: Returns) -> Titles:
    """One credit per returned document, for the sum of its lines."""
    number, first, inverse = np.unique(returns.number, return_index=True, return_inverse=True)
    n = len(number)
    cents = np.bincount(inverse, weights=returns.quantity * returns.price_cents, minlength=n)
    before = np.bincount(inverse, weights=returns.first_quantity * returns.price_cents, minlength=n)
    corrected = np.full(n, FAR)
    np.minimum.at(corrected, inverse, returns.corrected)
    doc = lines.document[returns.line[first]]
    day = returns.day[first]
    return Titles(
        kind=np.full(n, RETURN),
        source=first,
        instalment=np.full(n, NONE),
        party=docs.party[doc],
        group=docs.group[doc],
        branch=docs.branch[doc],
        issued=day,
        due=day + 30,
        cents=cents.astype(np.int64),
        base=cents.astype(np.int64),
        first_cents=before.astype(np.int64),
        corrected=corrected,
        known=day,
        cancelled=np.full(n, FAR),
        is_dollar=np.zeros(n, bool),
        number=number,
    )


def _note_titles(notes: Notes) -> Titles:
    n = len(notes.day)
    return Titles(
        kind=np.full(n, NOTE),
        source=np.arange(n),
        instalment=np.full(n, NONE),
        party=notes.party,
        group=notes.group,
        branch=notes.branch,
        issued=notes.day,
        due=notes.day + 30,
        cents=notes.cents,
        base=notes.cents,
        first_cents=notes.first_cents,
        corrected=notes.corrected,
        known=notes.day,
        cancelled=np.full(n, FAR),
        is_dollar=np.zeros(n, bool),
        number=notes.number,
    )


def draw_receipts(titles: Titles, process: Process, plan: Plan, replica: int) -> Receipts:
    """Payments: mostly whole and near the due day; some in parts, some never, few written off."""
    rng = plan.rng("receipts", replica)
    n = len(titles.kind)
    due = next_business(titles.due)
    habit = process.days_late[titles.group]
    paid = next_business(due + np.where(rng.random(n) < 0.55, 0, rng.integers(0, 2 * habit + 1)))
    luck = rng.random(n)
    is_credit = (titles.kind == RETURN) | (titles.kind == NOTE)
    gone = (titles.group == s.LOST_KEY) & (titles.due > s.FAILURE[1] + 20) & (luck < 0.6)
    never = ~is_credit & ((luck > 0.994) | gone)
    able = (titles.cancelled == FAR) & (titles.kind != PROVISIONAL) & ~never
    parts = able & ~is_credit & ~titles.is_dollar & (luck < 0.06) & (titles.base > 100)
    lost = able & ~is_credit & ~titles.is_dollar & (luck > 0.06) & (luck < 0.065)
    first = np.where(
        parts, titles.base * 3 // 5, np.where(lost, titles.base * 97 // 100, titles.base)
    )
    rest = np.where(parts | lost, titles.base - first, 0)
    later = next_business(paid + np.where(lost, 120, rng.integers(8, 30, n)))
    one, two = (
        np.flatnonzero(able & (paid <= plan.end)),
        np.flatnonzero((rest > 0) & (later <= plan.end)),
    )
    paid = np.maximum(paid, np.where(titles.corrected < FAR, titles.corrected + 1, 0))
    one = one[paid[one] <= plan.end]
    return Receipts(
        title=np.r_[one, two],
        sequence=np.r_[np.zeros(len(one), np.int64), np.ones(len(two), np.int64)] + 1,
        day=np.maximum(np.r_[paid[one], later[two]], titles.known[np.r_[one, two]]),
        cents=np.r_[first[one], rest[two]],
        reason=np.r_[np.where(is_credit[one], NETTING, CASH), np.where(lost[two], WRITE_OFF, CASH)],
    )
