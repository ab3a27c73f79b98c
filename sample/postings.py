"""Every movement of revenue, with the night from which and until which it is known."""

from dataclasses import dataclass

import numpy as np

from sample.calendar import month_index, month_start
from sample.credits import Notes, Returns
from sample.documents import ACCOUNTS, BONUS, DocumentLines, Documents, base_cents
from sample.plan import FAR, Plan

RETURNED, DISCOUNT, REBATE = "3.1.2.01.001", "3.1.2.02.001", "3.1.2.03.001"
LEDGER = (*sorted(set(ACCOUNTS) - {"4.2.9.01.001"}), RETURNED, DISCOUNT, REBATE)


@dataclass(frozen=True)
class Postings:
    """One position per signed movement in base cents."""

    party: np.ndarray
    branch: np.ndarray
    day: np.ndarray
    account: np.ndarray  # position in LEDGER
    cents: np.ndarray
    known: np.ndarray
    until: np.ndarray


def collect(docs: Documents, lines: DocumentLines, returns: Returns, notes: Notes) -> Postings:
    """Invoices, complements, cancellations, returns and notes as revenue movements."""
    real = np.flatnonzero((lines.kind != BONUS) & ~docs.is_void[lines.document])
    undone = real[docs.cancelled[lines.document[real]] < FAR]
    account = np.array([LEDGER.index(a) if a in LEDGER else -1 for a in ACCOUNTS])
    of, cut = lines.document[real], lines.document[undone]
    base = base_cents(lines.total_cents, docs.rate[lines.document])
    back = lines.document[returns.line]
    sold = (
        docs.party[of],
        docs.branch[of],
        docs.day[of],
        account[lines.kind[real]],
        base[real],
        docs.known[of],
        np.full(len(of), FAR),
    )
    void = (
        docs.party[cut],
        docs.branch[cut],
        docs.cancelled[cut],
        account[lines.kind[undone]],
        -base[undone],
        docs.cancelled[cut],
        np.full(len(cut), FAR),
    )
    parts = [sold, void]
    for quantity, known, until in (
        (returns.first_quantity, returns.day, returns.corrected),
        (returns.quantity, np.where(returns.corrected < FAR, returns.corrected, FAR), None),
    ):
        use = known < FAR
        end = np.full(len(known), FAR) if until is None else until
        parts.append(
            (
                docs.party[back][use],
                docs.branch[back][use],
                returns.day[use],
                np.full(use.sum(), LEDGER.index(RETURNED)),
                -(quantity * returns.price_cents)[use],
                known[use],
                end[use],
            )
        )
    kind = np.where(notes.is_rebate, LEDGER.index(REBATE), LEDGER.index(DISCOUNT))
    for cents, known, until in (
        (notes.first_cents, notes.day, notes.corrected),
        (notes.cents, np.where(notes.corrected < FAR, notes.corrected, FAR), None),
    ):
        use = known < FAR
        end = np.full(len(known), FAR) if until is None else until
        parts.append(
            (
                notes.party[use],
                notes.branch[use],
                notes.day[use],
                kind[use],
                -cents[use],
                known[use],
                end[use],
            )
        )
    return Postings(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def ledger_cells(p: Postings, plan: Plan, today: int) -> tuple[np.ndarray, np.ndarray]:
    """Debits and credits [month, branch, account] as booked on a night, in cents."""
    first = int(month_index(plan.start))
    shape = (int(month_index(plan.end)) - first + 1, 2, len(LEDGER))
    use = (p.known <= today) & (p.until > today)
    cell = (month_index(p.day) - first, p.branch - 1, p.account)
    debit, credit = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    plus, minus = use & (p.cents > 0), use & (p.cents < 0)
    np.add.at(credit, tuple(c[plus] for c in cell), p.cents[plus])
    np.add.at(debit, tuple(c[minus] for c in cell), -p.cents[minus])
    return debit, credit


def month_end(month: int) -> int:
    return int(month_start(month + 1)) - 1
