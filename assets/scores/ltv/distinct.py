"""Equal columns of a matrix brought together, fast and whatever their number."""

import numpy as np

from assets.scores.ltv.inputs import Floats, Integers

MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, from the golden ratio: spreads the bits of a hash


def distinct(rows: Floats) -> tuple[Floats, Integers]:
    """The distinct columns of `rows` (m, n) as (m, d), and for each column its place there (n,).

    They are ordered by a hash. Where two columns share a hash one of them may stand twice.
    """
    mixed = np.zeros(rows.shape[1], dtype=np.uint64)
    for bits in np.ascontiguousarray(rows, dtype=np.float64).view(np.uint64):
        mixed = (mixed ^ bits) * MIX
        mixed ^= mixed >> np.uint64(32)
    order = np.argsort(mixed)
    is_new = np.zeros(len(order), dtype=bool)
    is_new[:1] = True
    for row in rows:
        ordered = row[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    return rows[:, order[is_new]], place
