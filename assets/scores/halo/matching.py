"""One control for each exposed group, without replacement, the largest exposed group first."""

import numpy as np
from scipy.spatial import cKDTree

from assets.scores.halo.inputs import NOBODY, Booleans, Floats, Integers

FIRST_NEIGHBOURS = 8
FIRST_BLOCK = 8192
SLACK = 1e-9


def match_nearest(exposed: Floats, candidates: Floats, caliper: float) -> Integers:
    """The candidate of each exposed group, NOBODY where none is left within the caliper.

    Shapes: (n, d) in order of service and (m, d) in order of group_id, which decides ties. Each
    takes the nearest candidate that nobody before it took. Equal to serving one after another,
    but in blocks over a k-d tree, so that 200,000 groups take seconds.
    """
    matched = np.full(len(exposed), NOBODY, dtype=np.int64)
    is_free = np.ones(len(candidates), dtype=bool)
    start, block, neighbours = 0, FIRST_BLOCK, FIRST_NEIGHBOURS
    while start < len(exposed) and is_free.any():
        places = np.flatnonzero(is_free)
        wishes, is_whole = _wishes(
            exposed[start : start + block], candidates[places], caliper, neighbours
        )
        chosen, settled = _serve(wishes, is_whole, len(places))
        found = chosen[:settled] >= 0
        matched[start : start + settled][found] = places[chosen[:settled][found]]
        is_free[places[chosen[:settled][found]]] = False
        start += settled
        neighbours = FIRST_NEIGHBOURS if settled else neighbours * 4
        block = block * 2 if settled == len(wishes) else max(1, block // 2)
    return matched


def _wishes(
    exposed: Floats, candidates: Floats, caliper: float, neighbours: int
) -> tuple[Integers, Booleans]:
    """Each one's nearest candidates within the caliper, nearest first, NOBODY behind the last.

    Second: whether the list is whole. One that was cut ends before its greatest distance, where
    a candidate of the same distance may have been cut off.
    """
    k = min(neighbours, len(candidates))
    bound = caliper * (1 + SLACK) + SLACK
    tree = cKDTree(candidates)
    _, near = tree.query(exposed, k=np.arange(1, k + 1), distance_upper_bound=bound)
    is_found = near < len(candidates)
    apart = exposed[:, None, :] - candidates[np.where(is_found, near, 0)]
    distance = np.where(is_found, np.sqrt((apart**2).sum(axis=2)), np.inf)
    is_whole = ~is_found[:, -1] | (k == len(candidates))
    last = np.where(is_found, distance, -np.inf).max(axis=1) * (1 - SLACK)
    is_sure = is_whole[:, None] | (distance < last[:, None])
    is_wish = is_found & (distance <= caliper) & is_sure
    order = np.lexsort((near, np.where(is_wish, distance, np.inf)), axis=1)
    wishes = np.where(is_wish, near, NOBODY)
    # A list that was cut beyond the caliper lacks nothing.
    is_whole = is_whole | (last > caliper)
    return np.take_along_axis(wishes, order, axis=1).astype(np.int64), is_whole


def _serve(wishes: Integers, is_whole: Booleans, n_candidates: int) -> tuple[Integers, int]:
    """What each gets who asks in this order, and how many of the first are settled.

    Deferred acceptance (Gale and Shapley 1962): all ask at once, a candidate keeps the first in
    the order, the others ask on. As every candidate prefers the same order, the outcome is that of
    one after another. Whoever runs out of a list that was cut ends what is settled.
    """
    n = len(wishes)
    padded = np.column_stack([wishes, np.full(n, NOBODY)])
    holder = np.full(n_candidates, n, dtype=np.int64)
    place = np.zeros(n, dtype=np.int64)
    asking = np.arange(n)
    while len(asking):
        wish = padded[asking, place[asking]]
        asking, wish = asking[wish >= 0], wish[wish >= 0]
        asked = np.unique(wish)
        before = holder[asked]
        np.minimum.at(holder, wish, asking)
        refused = asking[holder[wish] != asking]
        displaced = before[(before < n) & (before != holder[asked])]
        asking = np.concatenate([refused, displaced])
        place[asking] += 1
    chosen = padded[np.arange(n), place]
    is_open = (chosen < 0) & ~is_whole
    return chosen, int(np.argmax(is_open)) if is_open.any() else n


def traits(revenue: Floats) -> tuple[Floats, Floats]:
    """Twelve months' money, and the two traits that groups are matched by.

    Shape: (months before, n). The traits (n, 2) are the log of 1 + the money, and the log of its
    later half over its earlier half, both with 1 added and floored at 0.
    """
    half = len(revenue) // 2
    total = revenue.sum(axis=0)
    early, late = revenue[:half].sum(axis=0), revenue[half:].sum(axis=0)
    level, first, last = (np.log1p(np.maximum(0, money)) for money in (total, early, late))
    return total, np.column_stack([level, last - first])


def standardised(values: Floats, among: Integers) -> Floats:
    """Traits over their sample standard deviation among some; one without any says nothing."""
    if len(among) < 2:
        return values
    spread = values[among].std(axis=0, ddof=1)
    return np.where(spread > 0, values / np.where(spread > 0, spread, 1), 0)
