"""The pairs of one population and basis, and the sums over them that measures are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from assets.scores.proof.arrays import Floats, Integers
from assets.scores.proof.pairs import OUTCOME, Pairs
from assets.scores.proof.ranks import CellSums, RankSums, classes
from assets.scores.proof.resamples import ClassSums

Measures = dict[tuple[str, str], Floats]


@dataclass(frozen=True, eq=False)
class Pool:
    """Pairs with outcome, score and baselines: `where` are their positions, by group and date."""

    pairs: Pairs
    where: Integers

    @cached_property
    def groups(self) -> tuple[Integers, int]:
        """Place of each pair's group among those of the pool, and how many there are."""
        return classes(self.pairs.group_code[self.where])

    @property
    def n_groups(self) -> int:
        """Distinct groups."""
        return self.groups[1]

    @cached_property
    def actual(self) -> Floats:
        """The outcomes."""
        return self.taken(self.pairs.actual)

    def taken(self, values: Floats) -> Floats:
        """Values of all pairs, at those of the pool."""
        return np.asarray(values[self.where])

    def sums(self, place: Integers, n_places: int, amount: Floats | None = None) -> ClassSums:
        """Sums by class of the pool's pairs."""
        return ClassSums(place, n_places, *self.groups, amount)


@dataclass(frozen=True, eq=False)
class Totals:
    """Sums of terms over all pairs of a pool."""

    pool: Pool
    terms: Mapping[str, Floats]

    def at(self, weights: Floats | None) -> dict[str, Floats]:
        """Each term's sum, and `n`, the pairs; (1,) without weights, else (resamples,)."""
        if weights is None:
            everyone = {name: np.array([term.sum()]) for name, term in self.terms.items()}
            return everyone | {"n": np.array([float(len(self.pool.where))])}
        return dict(zip([*self.terms, "n"], self._by_group @ weights, strict=True))

    @cached_property
    def _by_group(self) -> csr_array:
        """Terms by group; sparse, because a dense product may sum equal rows in different orders.

        A score that is held against itself must come out at 0 exactly.
        """
        group, n_groups = self.pool.groups
        sums = [np.bincount(group, term, n_groups) for term in self.terms.values()]
        return csr_array(np.stack([*sums, np.bincount(group, minlength=n_groups)]))


@dataclass(frozen=True, eq=False)
class Ranking:
    """The pairs of a pool by class of forecast, exact or in at most `most` classes."""

    pool: Pool
    rule: str
    most: int | None

    @cached_property
    def places(self) -> tuple[Integers, int]:
        """Class of each pair, and how many there are."""
        return classes(self.pool.pairs.rank_codes[self.rule][self.pool.where], self.most)

    def at(self, weights: Floats | None) -> RankSums:
        """Pairs and outcomes by class."""
        return RankSums(self._weight.at(weights), self._amount.at(weights))

    @cached_property
    def _weight(self) -> ClassSums:
        return self.pool.sums(*self.places)

    @cached_property
    def _amount(self) -> ClassSums:
        return self.pool.sums(*self.places, self.pool.actual)


@dataclass(frozen=True, eq=False)
class Joint:
    """The pairs of a pool by the classes of two rankings."""

    one: Ranking
    two: Ranking

    def at(self, weights: Floats | None) -> CellSums:
        """Pairs by cell, and the two classes of each cell."""
        cells, place, other = self._cells
        return CellSums(cells.at(weights), place, other)

    @cached_property
    def _cells(self) -> tuple[ClassSums, Integers, Integers]:
        (place, n_places), (other, n_others) = self.one.places, self.two.places
        pool = self.one.pool
        if n_places * n_others > len(place):
            return pool.sums(np.arange(len(place)), len(place)), place, other
        cell, n_cells = classes(place * n_others + other)
        place_of, other_of = np.empty((2, n_cells), dtype=np.int64)
        place_of[cell], other_of[cell] = place, other
        return pool.sums(cell, n_cells), place_of, other_of


@dataclass(frozen=True, eq=False)
class Rankings:
    """The ranking of every rule and of the outcome, and of every rule with the outcome."""

    pool: Pool
    most: int | None

    @cached_property
    def by_rule(self) -> dict[str, Ranking]:
        """One of each rule, and OUTCOME."""
        return {rule: Ranking(self.pool, rule, self.most) for rule in self.pool.pairs.rank_codes}

    @cached_property
    def joints(self) -> dict[str, Joint]:
        """Each rule with the outcome."""
        outcome = self.by_rule[OUTCOME]
        return {rule: Joint(self.by_rule[rule], outcome) for rule in self.pool.pairs.rules}


def ratio(part: Floats, whole: Floats) -> Floats:
    """`part` / `whole`, NaN where that is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole == 0.0, np.nan, part / whole))
