"""How well forecasts put pairs in order: weighted rank measures, in every resample at once.

Everything here is a function of sums by class: pairs with equal forecasts form a class, classes
run from low to high, and every array is (classes, resamples). Ties count half (mid-ranks).
A measure is NaN where it is not defined.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from assets.scores.proof.arrays import Floats, Integers


@dataclass(frozen=True, eq=False)
class RankSums:
    """Pairs (`weight`) and outcomes (`amount`) by class of forecast."""

    weight: Floats
    amount: Floats

    @cached_property
    def total(self) -> Floats:
        """All pairs."""
        return np.asarray(self.weight.sum(axis=0))

    @cached_property
    def rank(self) -> Floats:
        """Mid-rank of each class less the mean rank, in pairs."""
        middle = np.cumsum(self.weight, axis=0) - self.weight / 2.0
        return np.asarray(middle - self.total / 2.0)


class CellSums(NamedTuple):
    """Pairs by cell of two rankings: `place` and `other` (cells,) are the cell's two classes."""

    weight: Floats
    place: Integers
    other: Integers


def classes(codes: Integers, most: int | None = None) -> tuple[Integers, int]:
    """The class of each pair from low to high, and how many classes there are.

    One class per distinct code; where there are more than `most`, neighbours are put together
    in about `most` classes of equal size. Equal codes stay together.
    """
    if len(codes) == 0:
        return codes, 0
    counts = np.bincount(codes)
    is_used = counts > 0
    place = np.cumsum(is_used) - 1
    if most is not None and place[-1] >= most:
        middle = np.cumsum(counts) - counts / 2.0
        coarse = (middle * (most / len(codes))).astype(np.int64)
        is_taken = np.bincount(coarse[is_used], minlength=most + 1) > 0
        place = (np.cumsum(is_taken) - 1)[coarse]
    return place[codes], int(place[-1]) + 1


def rank_covariance(by_class: RankSums) -> Floats:
    """Sum over pairs of outcome x (rank - mean rank)."""
    return np.asarray((by_class.amount * by_class.rank).sum(axis=0))


def auc(by_class: RankSums) -> Floats:
    """P(an event was ranked above a non-event), ties half: Mann and Whitney's U by mid-ranks."""
    events = by_class.amount.sum(axis=0)
    others = by_class.total - events
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(0.5 + rank_covariance(by_class) / (events * others))


def top_share(by_class: RankSums, share: float) -> Floats:
    """Share of all outcomes that the `share` of pairs with the highest forecasts holds.

    Where the cut runs through a class, the class is taken in part: its pairs cannot be told apart.
    Undefined where the total is not positive.
    """
    weight, amount, pairs = by_class.weight, by_class.amount, by_class.total
    above = pairs / 2.0 - by_class.rank - weight / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.where(weight > 0, np.clip((share * pairs - above) / weight, 0.0, 1.0), 0.0)
        total = amount.sum(axis=0)
        return np.asarray(np.where(total > 0, (taken * amount).sum(axis=0) / total, np.nan))


def spearman(cells: CellSums, one: RankSums, two: RankSums) -> Floats:
    """Correlation of the mid-ranks of two rankings."""
    common = (cells.weight * one.rank[cells.place] * two.rank[cells.other]).sum(axis=0)
    spread = (one.weight * one.rank**2).sum(axis=0) * (two.weight * two.rank**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(common / np.sqrt(spread))


def largest_gap(weight: Floats, low: Floats, high: Floats) -> Floats:
    """Largest distance between the distribution of numbers in [0, 1] and the uniform one.

    Kolmogorov's statistic; each class holds the numbers from `low` to `high` (classes,).
    """
    total = weight.sum(axis=0)
    reached = np.cumsum(weight, axis=0) / total
    before = reached - weight / total
    over = (reached - high[:, None]).max(axis=0)
    under = (low[:, None] - before).max(axis=0)
    return np.asarray(np.maximum(np.maximum(over, under), 0.0))
